package org.modalimmune.cpu.reference;

/** A float64 matrix on the heap, row-major. */
final class DenseMatrix {
  private final int rows;
  private final int columns;
  private final double[] data;

  DenseMatrix(int rows, int columns, double[] data) {
    this.rows = rows;
    this.columns = columns;
    this.data = data;
  }

  /** Number of rows. */
  int rows() {
    return rows;
  }

  /** Number of columns. */
  int columns() {
    return columns;
  }

  /** Elements, row-major. */
  double[] data() {
    return data;
  }

  static DenseMatrix zeros(int rows, int columns) {
    return new DenseMatrix(rows, columns, new double[Math.multiplyExact(rows, columns)]);
  }

  static DenseMatrix of(View v) {
    DenseMatrix m = zeros(Math.toIntExact(v.dims()[0]), Math.toIntExact(v.dims()[1]));
    for (int i = 0; i < m.rows; i++) {
      for (int j = 0; j < m.columns; j++) {
        m.set(i, j, v.get(v.offset() + i * v.strides()[0] + j * v.strides()[1]));
      }
    }
    return m;
  }

  /** Reads the lower triangle alone; zeros above. */
  static DenseMatrix lowerTriangle(View v) {
    int n = Math.toIntExact(v.dims()[0]);
    DenseMatrix m = zeros(n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        m.set(i, j, v.get(v.offset() + i * v.strides()[0] + j * v.strides()[1]));
      }
    }
    return m;
  }

  double get(int row, int column) {
    return data[row * columns + column];
  }

  void set(int row, int column, double value) {
    data[row * columns + column] = value;
  }

  void store(View v) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        v.set(v.offset() + i * v.strides()[0] + j * v.strides()[1], get(i, j));
      }
    }
  }
}
