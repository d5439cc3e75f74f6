package org.modalimmune.jmh.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.modalimmune.backend.BackendProvider;
import org.modalimmune.backend.Backends;

/** The rivals by name: the project's backends, and the peers that this jar was built with. */
public final class Rivals {
  private Rivals() {}

  /**
   * The rival of that name, its product checked.
   *
   * @throws IllegalArgumentException if there is none; the message lists those that exist
   * @throws org.modalimmune.jmh.setup.DisagreementException if its product is wrong
   */
  public static MatmulRival prepare(String name, Product product, int threads) {
    MatmulRival rival = find(name).prepare(product, threads);
    rival.multiply();
    check(name, product, rival.product());
    return rival;
  }

  /**
   * Checks a product exactly.
   *
   * @param c row-major
   * @throws org.modalimmune.jmh.setup.DisagreementException if a row is wrong
   */
  public static void check(String name, Product product, double[] c) {
    ExactProduct.check(name, product, c);
  }

  private static MatmulPeer find(String name) {
    List<MatmulPeer> all = new ArrayList<>();
    for (BackendProvider provider : Backends.providers()) {
      all.add(new BackendPeer(provider.name()));
    }
    all.add(new EjmlPeer());
    ServiceLoader.load(MatmulPeer.class).forEach(all::add);
    for (MatmulPeer peer : all) {
      if (peer.name().equals(name)) {
        return peer;
      }
    }
    throw new IllegalArgumentException(
        "backend: there is none named '"
            + name
            + "'; found: "
            + all.stream().map(MatmulPeer::name).toList()
            + "; mkl and openblas are there after mvn -P peers package");
  }
}
