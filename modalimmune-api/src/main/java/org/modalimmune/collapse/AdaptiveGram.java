package org.modalimmune.collapse;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * A Gram matrix that is formed once as much has been spent on products with the embedding as
 * forming it costs: whatever the number of products turns out to be, the work is at most twice that
 * of the better way. The two ways differ by rounding of the embedding's type.
 */
final class AdaptiveGram implements GramOperator {
  private final GramOperator products;
  private final Supplier<FormedGram> form;
  private long left;
  private Optional<FormedGram> formed = Optional.empty();

  /**
   * @param products with the embedding
   * @param form forms the matrix
   * @param worth number of products that cost as much as forming it
   */
  AdaptiveGram(GramOperator products, Supplier<FormedGram> form, long worth) {
    this.products = products;
    this.form = form;
    this.left = worth;
  }

  @Override
  public int size() {
    return products.size();
  }

  @Override
  public double unitRoundoff() {
    return products.unitRoundoff();
  }

  @Override
  public void apply(double[][] vectors, int from, int to, double[][] images) {
    if (left <= 0 && formed.isEmpty()) {
      formed = Optional.of(form.get());
    }
    left -= to - from;
    if (formed.isPresent()) {
      formed.get().apply(vectors, from, to, images);
    } else {
      products.apply(vectors, from, to, images);
    }
  }
}
