package org.modalimmune.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress as a bar on a terminal, redrawn in place. */
final class BarDisplay implements ProgressDisplay {
  private static final int REDRAW_MILLIS = 500;

  private final ProgressBar bar;

  BarDisplay(WorkMeter meter) {
    boolean blocks = System.err.charset().newEncoder().canEncode('█');
    this.bar =
        new ProgressBarBuilder()
            .setTaskName("training")
            .setUnit(" epochs", 1)
            .setInitialMax(meter.totalEpochs())
            .setStyle(blocks ? ProgressBarStyle.COLORFUL_UNICODE_BLOCK : ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(REDRAW_MILLIS)
            .setEtaFunction(state -> meter.left())
            .setConsumer(new ConsoleProgressBarConsumer(System.err))
            .clearDisplayOnFinish()
            .build();
  }

  @Override
  public void update(WorkMeter meter) {
    bar.stepTo(meter.doneEpochs());
    bar.setExtraMessage(" " + meter.runs());
  }

  @Override
  public void close() {
    bar.close();
  }
}
