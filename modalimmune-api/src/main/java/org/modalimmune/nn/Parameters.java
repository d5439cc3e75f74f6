package org.modalimmune.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modalimmune.tensor.Tensor;

/** Lists of parameters whose names are unique. */
public final class Parameters {
  private Parameters() {}

  /**
   * The lists one after another.
   *
   * @throws IllegalArgumentException if two parameters have one name
   */
  public static List<Parameter> join(List<List<Parameter>> lists) {
    List<Parameter> all = new ArrayList<>();
    lists.forEach(all::addAll);
    byName(all);
    return List.copyOf(all);
  }

  /**
   * The values by name, in the order given; the form in which they are saved.
   *
   * @throws IllegalArgumentException if two parameters have one name
   */
  public static Map<String, Tensor> byName(List<Parameter> parameters) {
    Map<String, Tensor> named = new LinkedHashMap<>();
    for (Parameter p : parameters) {
      if (named.putIfAbsent(p.name(), p.value()) != null) {
        throw new IllegalArgumentException(
            "parameters: two are named " + p.name() + "; give each layer its own name");
      }
    }
    return Collections.unmodifiableMap(named);
  }
}
