package org.modalimmune.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** A small learnable data set as CSV files: three modalities, two classes, ten groups. */
final class TinyData {
  static final int TRAIN_ROWS = 60;
  static final int TEST_ROWS = 30;

  private static final int GROUPS = 10;

  private TinyData() {}

  /** Writes all files of both splits. */
  static void write(Path folder) throws IOException {
    write(folder, "_train", TRAIN_ROWS, 1);
    write(folder, "_test", TEST_ROWS, 2);
  }

  /** Writes one file per modality, and the labels, with a suffix such as {@code _test}. */
  static void write(Path folder, String suffix, int rows, long seed) throws IOException {
    Files.createDirectories(folder);
    SplittableRandom random = new SplittableRandom(seed);
    List<String> labels = new ArrayList<>(List.of("label,video,id"));
    List<String> text = new ArrayList<>(List.of("t0,t1,t2,t3"));
    List<String> audio = new ArrayList<>(List.of("a0,a1,a2"));
    List<String> video = new ArrayList<>(List.of("v0,v1"));
    for (int row = 0; row < rows; row++) {
      int label = random.nextInt(2);
      labels.add((label == 0 ? "no" : "yes") + ",group" + row % GROUPS + ",row-" + row);
      text.add(cells(random, 4, label));
      audio.add(cells(random, 3, 0.5 * label));
      video.add(cells(random, 2, 0.7 * label));
    }
    Files.write(folder.resolve("labels" + suffix + ".csv"), labels);
    Files.write(folder.resolve("text" + suffix + ".csv"), text);
    Files.write(folder.resolve("audio" + suffix + ".csv"), audio);
    Files.write(folder.resolve("video" + suffix + ".csv"), video);
  }

  private static String cells(SplittableRandom random, int columns, double shift) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      cells.add(String.format(Locale.ROOT, "%.4f", random.nextGaussian() + shift));
    }
    return String.join(",", cells);
  }

  /** Changes one line of a file; line 1 is the header. */
  static void line(Path file, int line, UnaryOperator<String> change) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.set(line - 1, change.apply(lines.get(line - 1)));
    Files.write(file, lines);
  }

  /** Changes every line of a file but the header. */
  static void body(Path file, UnaryOperator<String> change) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    for (int i = 1; i < lines.size(); i++) {
      lines.set(i, change.apply(lines.get(i)));
    }
    Files.write(file, lines);
  }
}
