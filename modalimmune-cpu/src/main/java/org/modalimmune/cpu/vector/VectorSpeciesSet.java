package org.modalimmune.cpu.vector;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.modalimmune.cpu.VectorWidth;

/** The vector width of this copy of the package, and the only place that chooses species. */
public final class VectorSpeciesSet {
  /** Bits per vector. */
  public static final int BITS =
      VectorSpeciesSet.class.getClassLoader() instanceof VectorWidth loader
          ? loader.vectorBits()
          : Math.min(512, Math.max(128, VectorShape.preferredShape().vectorBitSize()));

  /** Float32 lanes of a full vector. */
  static final VectorSpecies<Float> FLOAT =
      VectorSpecies.of(float.class, VectorShape.forBitSize(BITS));

  /** Float64 lanes of a full vector. */
  static final VectorSpecies<Double> DOUBLE =
      VectorSpecies.of(double.class, VectorShape.forBitSize(BITS));

  /** As many float32 lanes as a full vector has float64 lanes. */
  static final VectorSpecies<Float> HALF_FLOAT =
      VectorSpecies.of(float.class, VectorShape.forBitSize(BITS / 2));

  /** Four float32 lanes. */
  static final VectorSpecies<Float> FLOAT_QUARTET = FloatVector.SPECIES_128;

  /** Four float64 lanes. */
  static final VectorSpecies<Double> DOUBLE_QUARTET = DoubleVector.SPECIES_256;

  /** Byte order of the host's memory. */
  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private VectorSpeciesSet() {}
}
