package org.modalimmune.cli.report;

import java.util.List;
import java.util.Optional;
import org.modalimmune.evaluate.MethodReport;
import org.modalimmune.evaluate.PatternResult;
import org.modalimmune.evaluate.Summary;

/** Finds a pattern's figures in a method's report. */
final class PatternLookup {

  private PatternLookup() {}

  static Optional<PatternResult> find(MethodReport method, List<String> present) {
    return method.patterns().stream().filter(p -> p.present().equals(present)).findFirst();
  }

  static Optional<Summary> told(MethodReport method, List<String> present) {
    return find(method, present).map(p -> p.told().accuracy());
  }
}
