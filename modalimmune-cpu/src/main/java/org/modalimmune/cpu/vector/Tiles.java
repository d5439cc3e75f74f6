package org.modalimmune.cpu.vector;

/**
 * The tiles of one element type for this copy's vector width.
 *
 * @param main the tile of most of C
 * @param few the tile of last rows, as wide as the main one
 * @param last the tile of last columns that fill one vector or less
 * @param panels packing for these tiles
 * @param lanes elements of a vector
 */
record Tiles<P>(Tile<P> main, Tile<P> few, Tile<P> last, Panels<P> panels, int lanes) {
  private static final boolean MANY_REGISTERS = VectorSpeciesSet.BITS == 512;

  // rows of float32: half of a second cache of 512 KiB, or of 1 MiB as processors with 512-bit
  // vectors have; a multiple of every tile's rows, for float64 too
  private static final int ROW_BLOCK = MANY_REGISTERS ? 480 : 168;

  /** Most rows of a tile. */
  static final int MAX_ROWS = 12;

  /** Float32 tiles. */
  static Tiles<float[]> ofFloats() {
    Tile<float[]> main = MANY_REGISTERS ? new FloatTile12x2() : new FloatTile6x2();
    Tile<float[]> few = MANY_REGISTERS ? main : new FloatTile4x2();
    int lanes = VectorSpeciesSet.FLOAT.length();
    return new Tiles<>(main, few, new FloatTile6x1(), new FloatPanels(), lanes);
  }

  /** Float64 tiles. */
  static Tiles<double[]> ofDoubles() {
    Tile<double[]> main = MANY_REGISTERS ? new DoubleTile12x2() : new DoubleTile6x2();
    Tile<double[]> few = MANY_REGISTERS ? main : new DoubleTile4x2();
    int lanes = VectorSpeciesSet.DOUBLE.length();
    return new Tiles<>(main, few, new DoubleTile6x1(), new DoublePanels(), lanes);
  }

  /** The tile to go on with where so many columns are left, at least one. */
  Tile<P> next(int columns) {
    return columns <= lanes ? last : main;
  }

  /**
   * The tile to go on with where so many rows are left, at least one: every even number of rows
   * from 4 on is a sum of sixes and fours.
   */
  Tile<P> below(Tile<P> tile, int rows) {
    int whole = tile.rows();
    boolean fours = rows <= few.rows() || (rows > whole && rows <= 2 * few.rows());
    return tile.vectors() == few.vectors() && fours ? few : tile;
  }

  /** Columns of a tile. */
  int width(Tile<P> tile) {
    return tile.vectors() * lanes;
  }

  /** Rows of a packed block of A: a multiple of every tile's. */
  int rowBlock() {
    return ROW_BLOCK * Float.BYTES / panels.size();
  }
}
