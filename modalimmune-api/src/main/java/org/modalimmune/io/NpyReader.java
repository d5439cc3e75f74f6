package org.modalimmune.io;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads NPY files of version 1.0, 2.0 and 3.0: truth values, integers, floating-point numbers and
 * fixed-width strings, either byte order, C or Fortran order. Pickled objects are refused.
 *
 * <p>Source: "The .npy format", {@code numpy.lib.format}, NumPy documentation.
 */
public final class NpyReader {
  private NpyReader() {}

  /**
   * Reads a file.
   *
   * @param path the file
   * @return the array
   * @throws DataException if the file is not an NPY file that can be read, with the reason
   * @throws IOException if the file cannot be read at all
   */
  public static NpyArray read(Path path) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
      return read(path.toString(), in, Files.size(path));
    }
  }

  /**
   * Reads one NPY stream whose whole length is known.
   *
   * @param name for messages
   * @param in at the first byte
   * @param bytes length of the whole stream; memory is taken only if the header agrees with it
   */
  static NpyArray read(String name, InputStream in, long bytes) throws IOException {
    try {
      NpyHeader header = NpyHeader.read(in);
      long needed = header.dataBytes();
      long held = bytes - header.headerBytes();
      if (needed != held) {
        throw new DataException(
            "the header describes "
                + needed
                + " bytes of data, the file holds "
                + held
                + (held < needed ? "; it is truncated, copy or write it again" : ""));
      }
      if (needed > Integer.MAX_VALUE - 8) {
        throw new DataException(needed + " bytes of data; at most 2 GiB are read, split the array");
      }
      byte[] data = in.readNBytes((int) needed);
      if (data.length != needed) {
        throw new DataException(
            "ends after " + data.length + " of " + needed + " bytes of data; it is truncated");
      }
      return new NpyArray(header, data);
    } catch (DataException | EOFException e) {
      throw new DataException(name + ": not a usable NPY file: " + e.getMessage(), e);
    }
  }
}
