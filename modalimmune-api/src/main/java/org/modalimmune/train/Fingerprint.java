package org.modalimmune.train;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;

/**
 * SHA-256 of texts and numbers, each preceded by its length so that no two sequences run together.
 */
final class Fingerprint {
  private static final int CHUNK = 1 << 13;

  private final MessageDigest digest;

  Fingerprint() {
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  Fingerprint text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    digest.update(bytes);
    return this;
  }

  Fingerprint texts(Collection<String> texts) {
    number(texts.size());
    texts.forEach(this::text);
    return this;
  }

  Fingerprint number(long value) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, value));
    return this;
  }

  /** The bits of each value, so that -0 is not 0. */
  Fingerprint values(double[] values) {
    number(values.length);
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    for (double v : values) {
      chunk.putDouble(v);
      if (!chunk.hasRemaining()) {
        digest.update(chunk.flip());
        chunk.clear();
      }
    }
    digest.update(chunk.flip());
    return this;
  }

  /** The digest in hexadecimal; ends the sequence. */
  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
