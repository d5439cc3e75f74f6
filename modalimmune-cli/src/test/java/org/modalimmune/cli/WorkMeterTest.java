package org.modalimmune.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Estimates of the time left, with a clock that the test moves. */
final class WorkMeterTest {
  private final AtomicLong nanos = new AtomicLong();

  @Test
  void nothingIsSaidBeforeAnEpochWasTimed() {
    WorkMeter meter = new WorkMeter(Map.of("a", new WorkMeter.Work(1, 10)), 1, nanos::get);
    assertEquals(Optional.empty(), meter.left());
    epoch(meter, "a", 1, 3);
    assertEquals(Optional.empty(), meter.left());
  }

  @Test
  void eachMethodHasItsOwnPace() {
    WorkMeter meter =
        new WorkMeter(
            Map.of("fast", new WorkMeter.Work(1, 5), "slow", new WorkMeter.Work(1, 5)),
            1,
            nanos::get);
    for (int i = 0; i < 5; i++) {
      epoch(meter, "fast", 1, 1);
    }
    nanos.addAndGet(2_000_000_000L);
    meter.run("fast", 1);
    // The slow one is unknown: five epochs at the pace of the fast one.
    assertEquals(Optional.of(Duration.ofSeconds(5)), meter.left());
    epoch(meter, "slow", 1, 10);
    epoch(meter, "slow", 1, 10);
    assertEquals(Optional.of(Duration.ofSeconds(30)), meter.left());
    assertEquals("1 of 2 runs", meter.runs());
    assertEquals(7, meter.doneEpochs());
    assertEquals(10, meter.totalEpochs());
  }

  @Test
  void epochsBeforeAnInterruptionCountAsDoneAndAreNotTimed() {
    WorkMeter meter = new WorkMeter(Map.of("a", new WorkMeter.Work(1, 10)), 1, nanos::get);
    meter.resume("a", 1, 6);
    assertEquals(6, meter.doneEpochs());
    assertEquals(Optional.empty(), meter.left());
    epoch(meter, "a", 1, 5);
    assertEquals(Optional.of(Duration.ofSeconds(15)), meter.left());
  }

  @Test
  void workersShareWhatIsLeftAndEvaluationsCount() {
    WorkMeter meter = new WorkMeter(Map.of("a", new WorkMeter.Work(3, 2)), 2, nanos::get);
    epoch(meter, "a", 1, 4);
    epoch(meter, "a", 1, 4);
    nanos.addAndGet(6_000_000_000L);
    meter.run("a", 1);
    // Two runs of two epochs of 4 s and 6 s to evaluate, two at a time.
    assertEquals(Optional.of(Duration.ofSeconds(14)), meter.left());
  }

  @Test
  void linesComeOncePerTenth() {
    StringWriter text = new StringWriter();
    WorkMeter meter = new WorkMeter(Map.of("a", new WorkMeter.Work(1, 40)), 1, nanos::get);
    try (LineDisplay lines = new LineDisplay(new PrintWriter(text), "modalimmune train")) {
      for (int i = 0; i < 40; i++) {
        epoch(meter, "a", 1, 2);
        lines.update(meter);
      }
    }
    assertEquals(10, text.toString().lines().count(), text.toString());
    assertEquals(
        "modalimmune train: 50 % of the training, 0 of 1 run done, about 40 s left",
        text.toString().lines().toList().get(4));
  }

  @Test
  void durationsAreInWords() {
    assertEquals("59 s", LineDisplay.words(Duration.ofMillis(59_400)));
    assertEquals("1 min 0 s", LineDisplay.words(Duration.ofMillis(59_600)));
    assertEquals("2 h 5 min", LineDisplay.words(Duration.ofSeconds(7_530)));
  }

  private void epoch(WorkMeter meter, String method, long seed, int seconds) {
    nanos.addAndGet(seconds * 1_000_000_000L);
    meter.epoch(method, seed);
  }
}
