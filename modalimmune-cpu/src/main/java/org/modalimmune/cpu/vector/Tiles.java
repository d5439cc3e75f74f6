package org.modalimmune.cpu.vector;

/**
 * The tiles of one element type for this copy's vector width.
 *
 * @param main the tile of most of C
 * @param last the tile of last columns that fill one vector or less
 * @param panels packing for these tiles
 * @param lanes elements of a vector
 */
record Tiles<P>(Tile<P> main, Tile<P> last, Panels<P> panels, int lanes) {
  private static final boolean MANY_REGISTERS = VectorSpeciesSet.BITS == 512;

  // half of a second cache of 512 KiB, or of 1 MiB as processors with 512-bit vectors have
  private static final int BLOCK_BYTES = (MANY_REGISTERS ? 480 : 240) * Panels.ROW * Float.BYTES;

  /** Most rows of a tile. */
  static final int MAX_ROWS = 12;

  /** Float32 tiles. */
  static Tiles<float[]> ofFloats() {
    Tile<float[]> main = MANY_REGISTERS ? new FloatTile12x2() : new FloatTile4x2();
    int lanes = VectorSpeciesSet.FLOAT.length();
    return new Tiles<>(main, new FloatTile6x1(), new FloatPanels(), lanes);
  }

  /** Float64 tiles. */
  static Tiles<double[]> ofDoubles() {
    Tile<double[]> main = MANY_REGISTERS ? new DoubleTile12x2() : new DoubleTile4x2();
    int lanes = VectorSpeciesSet.DOUBLE.length();
    return new Tiles<>(main, new DoubleTile6x1(), new DoublePanels(), lanes);
  }

  /** The tile to go on with where so many columns are left, at least one. */
  Tile<P> next(int columns) {
    return columns <= lanes ? last : main;
  }

  /** Columns of a tile. */
  int width(Tile<P> tile) {
    return tile.vectors() * lanes;
  }

  /** Rows of a packed block of A: a multiple of every tile's. */
  int rowBlock() {
    return BLOCK_BYTES / (Panels.ROW * panels.size());
  }
}
