package org.modalimmune.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The table itself is sound, and it catches what it is there for. */
final class FloorsTest {

  @Test
  void tableHasNoCycleAndNoUnknownName() {
    Map<String, Set<String>> open = new HashMap<>(Floors.ofApi().allowed());
    boolean progress = true;
    while (progress) {
      Set<String> left = Set.copyOf(open.keySet());
      progress = open.values().removeIf(below -> below.stream().noneMatch(left::contains));
    }
    assertEquals(Map.of(), open, "these stand on one another");
    Set<String> names = Floors.ofApi().allowed().keySet();
    Floors.ofApi().allowed().values().forEach(below -> assertTrue(names.containsAll(below)));
  }

  @Test
  void operatorsStandApartFromModelsTrainingAndData() {
    Set<String> forbidden =
        Set.of("org.modalimmune.nn", "org.modalimmune.train", "org.modalimmune.data");
    for (String operator : List.of("collapse", "controller", "masking", "hypergradient")) {
      Set<String> below = Floors.ofApi().allowed().get("org.modalimmune." + operator);
      assertTrue(below.stream().noneMatch(forbidden::contains), operator);
    }
  }

  @Test
  void upwardDependencyIsReported() {
    assertEquals(
        List.of("org.modalimmune.tensor must not use org.modalimmune.nn"),
        Floors.ofApi()
            .violations(
                Map.of(
                    "org.modalimmune.tensor",
                    Set.of("org.modalimmune.tensor", "org.modalimmune.nn"))));
  }

  @Test
  void unknownPackageIsReported() {
    List<String> found =
        Floors.ofApi().violations(Map.of("org.modalimmune.unheard", Set.<String>of()));
    assertEquals(1, found.size());
    assertTrue(found.getFirst().contains("org.modalimmune.unheard"), found.getFirst());
    assertTrue(found.getFirst().contains("add its row"), found.getFirst());
  }
}
