package org.modalimmune.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.ElementwiseKernels;
import org.modalimmune.backend.kernel.MatrixKernels;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.cpu.memory.HostStorage;
import org.modalimmune.cpu.parallel.WorkerPool;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Storage;
import org.modalimmune.tensor.Tensor;

/**
 * Matrix products: packed panels, or where they lie if they are small; the reference kernels where
 * the output's rows are not dense. Which way is taken depends on the shapes and strides alone.
 */
final class VectorMatrix implements MatrixKernels {
  // up to here packing costs more than it gains: in all, in depth, and in rows and columns
  private static final long SMALL_PRODUCTS = 8_192;
  private static final long SHALLOW = 24;
  private static final long TINY_SIDE = 8;
  private static final long TINY_DEPTH = 2_048;

  private static final long PRODUCTS_PER_PART = 100_000;

  private final HostAllocator allocator;
  private final WorkerPool workers;
  private final PackedMatmul<float[]> packedFloat;
  private final PackedMatmul<double[]> packedDouble;
  private final SmallMatmul smallFloat = new FloatSmallMatmul();
  private final SmallMatmul smallDouble = new DoubleSmallMatmul();
  private final MatrixVector<float[]> vectorFloat = new FloatMatrixVector();
  private final MatrixVector<double[]> vectorDouble = new DoubleMatrixVector();
  private final OuterProduct outerFloat = new FloatOuterProduct();
  private final OuterProduct outerDouble = new DoubleOuterProduct();
  private final ElementBlocks floats = new FloatBlocks();
  private final ElementBlocks doubles = new DoubleBlocks();
  private final ElementwiseKernels elementwise;
  private final MatrixKernels base;

  VectorMatrix(
      HostAllocator allocator,
      WorkerPool workers,
      ElementwiseKernels elementwise,
      MatrixKernels base) {
    this.allocator = allocator;
    this.workers = workers;
    this.packedFloat = new PackedMatmul<>(workers, Tiles.ofFloats());
    this.packedDouble = new PackedMatmul<>(workers, Tiles.ofDoubles());
    this.elementwise = elementwise;
    this.base = base;
  }

  @Override
  public void matmul(Tensor a, Tensor b, Tensor out) {
    if (out.elements() == 0) {
      return;
    }
    if (a.shape().dim(-1) == 0 || !hasRows(out)) {
      base.matmul(a, b, out);
      return;
    }
    DType dtype = a.dtype();
    Operand x = Operand.of(a);
    Operand y = Operand.of(b);
    Operand z = Operand.of(out);
    if (out.shape().rank() == 2 && multiplyUnpacked(dtype, x, y, z)) {
      return;
    }
    Batch batch = new Batch(a, b, out);
    double products = (double) z.rows() * z.columns() * x.columns();
    if (batch.isTall() && (batch.count() > 1 || products > SMALL_PRODUCTS)) {
      multiply(
          dtype, x.withRows(x.rows() * batch.count()), y, z.withRows(z.rows() * batch.count()));
    } else if (products <= SMALL_PRODUCTS) {
      small(dtype, batch, x, y, z, (long) products);
    } else if (batch.count() >= workers.threads()) {
      each(dtype, batch, x, y, z);
    } else {
      for (long i = 0; i < batch.count(); i++) {
        multiply(
            dtype, x.shifted(batch.aAt(i)), y.shifted(batch.bAt(i)), z.shifted(batch.outAt(i)));
      }
    }
  }

  /** A batch of products that are large enough for a thread each, and too many for one. */
  private void each(DType dtype, Batch batch, Operand x, Operand y, Operand z) {
    int parts = workers.threads();
    workers.run(
        parts,
        part -> {
          long last = batch.count() * (part + 1) / parts;
          for (long i = batch.count() * part / parts; i < last; i++) {
            Operand a = x.shifted(batch.aAt(i));
            Operand b = y.shifted(batch.bAt(i));
            Operand c = z.shifted(batch.outAt(i));
            if (!multiplyUnpacked(dtype, a, b, c)) {
              packed(dtype).multiplyAlone(a, b, c);
            }
          }
        });
  }

  @Override
  public void linear(Tensor x, Tensor w, Tensor bias, Tensor out) {
    if (out.elements() == 0) {
      return;
    }
    if (!hasRows(out)) {
      base.linear(x, w, bias, out);
      return;
    }
    Operand z = Operand.of(out);
    Tensor wide = bias.expand(out.shape());
    boolean products = x.shape().dim(1) > 0;
    // a bias of full rank may be the output itself, which these ways write before they add
    if (products
        && bias.shape().rank() == 1
        && multiplyUnpacked(x.dtype(), Operand.of(x), Operand.of(w), z)) {
      elementwise.binary(BinaryOp.ADD, out, wide, out);
      return;
    }
    if (wide.stride(1) == 1 && products) {
      packed(x.dtype()).multiply(Operand.of(x), Operand.of(w), Operand.of(wide), z);
      return;
    }
    elementwise.copy(wide, out);
    if (products) {
      packed(x.dtype()).multiply(Operand.of(x), Operand.of(w), z, z);
    }
  }

  private void small(DType dtype, Batch batch, Operand a, Operand b, Operand c, long products) {
    SmallMatmul kernel = dtype == DType.FLOAT32 ? smallFloat : smallDouble;
    ElementBlocks blocks = dtype == DType.FLOAT32 ? floats : doubles;
    boolean dense = b.columnStride() == 1 || b.columns() == 1;
    long count = batch.count();
    int parts =
        (int)
            Math.min(
                Math.min(count, workers.threads() * 2L), 1 + count * products / PRODUCTS_PER_PART);
    workers.run(
        parts,
        part -> {
          long first = count * part / parts;
          long last = count * (part + 1) / parts;
          if (dense) {
            for (long i = first; i < last; i++) {
              kernel.multiply(
                  a,
                  a.offset() + batch.aAt(i),
                  b,
                  b.offset() + batch.bAt(i),
                  c,
                  c.offset() + batch.outAt(i));
            }
            return;
          }
          Storage scratch = allocator.allocate(b.rows() * b.columns() * blocks.size());
          try {
            MemorySegment memory = ((HostStorage) scratch).segment();
            Operand copy = new Operand(memory, 0, b.rows(), b.columns(), b.columns(), 1);
            for (long i = first; i < last; i++) {
              copyRows(blocks, b.shifted(batch.bAt(i)), copy);
              kernel.multiply(
                  a, a.offset() + batch.aAt(i), copy, 0, c, c.offset() + batch.outAt(i));
            }
          } finally {
            allocator.release(scratch);
          }
        });
  }

  private static void copyRows(ElementBlocks blocks, Operand from, Operand to) {
    int rows = (int) from.rows();
    if (from.rowStride() == 1) {
      blocks.transpose(
          from.segment(),
          from.offset(),
          from.columnStride(),
          (int) from.columns(),
          rows,
          to.segment(),
          0,
          to.rowStride());
      return;
    }
    for (int j = 0; j < from.columns(); j++) {
      blocks.copy(
          from.segment(), from.at(0, j), from.rowStride(), to.segment(), j, to.rowStride(), rows);
    }
  }

  private void multiply(DType dtype, Operand a, Operand b, Operand c) {
    if (!multiplyUnpacked(dtype, a, b, c)) {
      packed(dtype).multiply(a, b, c);
    }
  }

  /** Multiplies matrices where they lie, if that is the faster way: vectors, and small B. */
  private boolean multiplyUnpacked(DType dtype, Operand a, Operand b, Operand c) {
    if (c.columns() == 1 && multiplyVector(dtype, a, b, b.rowStride(), c, c.rowStride())) {
      return true;
    }
    if (c.rows() == 1 && multiplyVector(dtype, b.transposed(), a, a.columnStride(), c, 1)) {
      return true;
    }
    boolean denseRows = b.columnStride() == 1 || b.columns() == 1;
    if (a.columns() == 1 && denseRows) {
      multiplyOuter(dtype, a, b, c);
      return true;
    }
    double products = (double) c.rows() * c.columns() * a.columns();
    boolean tiny = c.rows() <= TINY_SIDE && c.columns() <= TINY_SIDE && a.columns() <= TINY_DEPTH;
    boolean small = products <= SMALL_PRODUCTS || a.columns() <= SHALLOW || tiny;
    SmallMatmul kernel = dtype == DType.FLOAT32 ? smallFloat : smallDouble;
    if (small && denseRows) {
      multiplySmall(kernel, products, a, b, c);
      return true;
    }
    if (!small || b.rowStride() != 1) {
      return false;
    }
    ElementBlocks blocks = dtype == DType.FLOAT32 ? floats : doubles;
    try (Scratch scratch = Scratch.bytes(allocator, b.rows() * b.columns() * blocks.size())) {
      Operand dense = new Operand(scratch.memory(), 0, b.rows(), b.columns(), b.columns(), 1);
      copyRows(blocks, b, dense);
      multiplySmall(kernel, products, a, dense, c);
    }
    return true;
  }

  private void multiplySmall(SmallMatmul kernel, double products, Operand a, Operand b, Operand c) {
    int parts = parts(c.rows(), products);
    if (parts == 1) {
      kernel.multiply(a, a.offset(), b, b.offset(), c, c.offset());
      return;
    }
    workers.run(
        parts,
        part -> {
          long from = c.rows() * part / parts;
          Operand rows = c.withRows(c.rows() * (part + 1) / parts - from);
          kernel.multiply(a, a.at(from, 0), b, b.offset(), rows, c.at(from, 0));
        });
  }

  /** Into how many parts the rows of a product are shared out. */
  private int parts(long rows, double products) {
    return (int)
        Math.min(Math.min(workers.threads(), rows), 1 + (long) (products / PRODUCTS_PER_PART));
  }

  private void multiplyOuter(DType dtype, Operand a, Operand b, Operand c) {
    OuterProduct kernel = dtype == DType.FLOAT32 ? outerFloat : outerDouble;
    double products = (double) c.rows() * c.columns();
    int parts = parts(c.rows(), products);
    if (parts == 1) {
      kernel.multiply(a, b, c, 0, c.rows());
    } else {
      workers.run(
          parts,
          part -> kernel.multiply(a, b, c, c.rows() * part / parts, c.rows() * (part + 1) / parts));
    }
  }

  /** y = A x, if A's rows or columns are dense. */
  private boolean multiplyVector(
      DType dtype, Operand a, Operand x, long xStep, Operand y, long yStep) {
    boolean denseRows = a.columnStride() == 1;
    boolean denseColumns = a.rowStride() == 1;
    if (denseRows && xStep == 1) {
      multiplyDense(dtype, true, a, x, xStep, y, yStep);
    } else if (denseColumns && yStep == 1) {
      multiplyDense(dtype, false, a, x, xStep, y, yStep);
    } else if (denseRows || denseColumns) {
      multiplySpread(dtype, denseRows, a, x, xStep, y, yStep);
    } else {
      return false;
    }
    return true;
  }

  /** By way of a dense copy of the vector that the kernel needs dense: x for rows, else y. */
  private void multiplySpread(
      DType dtype, boolean rows, Operand a, Operand x, long xStep, Operand y, long yStep) {
    ElementBlocks blocks = dtype == DType.FLOAT32 ? floats : doubles;
    int count = Math.toIntExact(rows ? a.columns() : a.rows());
    try (Scratch scratch = Scratch.bytes(allocator, (long) count * blocks.size())) {
      MemorySegment memory = scratch.memory();
      Operand dense = new Operand(memory, 0, count, 1, 1, 1);
      if (rows) {
        blocks.copy(x.segment(), x.offset(), xStep, memory, 0, 1, count);
        multiplyDense(dtype, true, a, dense, 1, y, yStep);
      } else {
        multiplyDense(dtype, false, a, x, xStep, dense, 1);
        blocks.copy(memory, 0, 1, y.segment(), y.offset(), yStep, count);
      }
    }
  }

  private void multiplyDense(
      DType dtype, boolean rows, Operand a, Operand x, long xStep, Operand y, long yStep) {
    if (dtype == DType.FLOAT32) {
      multiplyVector(vectorFloat, packedFloat.workspaces(), rows, a, x, xStep, y, yStep);
    } else {
      multiplyVector(vectorDouble, packedDouble.workspaces(), rows, a, x, xStep, y, yStep);
    }
  }

  private <P> void multiplyVector(
      MatrixVector<P> kernel,
      Workspaces<P> pool,
      boolean rows,
      Operand a,
      Operand x,
      long xStep,
      Operand y,
      long yStep) {
    int parts = parts(a.rows(), (double) a.rows() * a.columns());
    if (parts == 1) {
      vectorRows(kernel, pool, rows, a, x, xStep, y, yStep, 0, a.rows());
    } else {
      shareVectorRows(kernel, pool, rows, parts, a, x, xStep, y, yStep);
    }
  }

  private <P> void shareVectorRows(
      MatrixVector<P> kernel,
      Workspaces<P> pool,
      boolean rows,
      int parts,
      Operand a,
      Operand x,
      long xStep,
      Operand y,
      long yStep) {
    workers.run(
        parts,
        part -> {
          long from = Grid.start(part, parts, a.rows(), MatrixVector.ROWS);
          long to = Grid.start(part + 1, parts, a.rows(), MatrixVector.ROWS);
          vectorRows(kernel, pool, rows, a, x, xStep, y, yStep, from, to);
        });
  }

  private static <P> void vectorRows(
      MatrixVector<P> kernel,
      Workspaces<P> pool,
      boolean rows,
      Operand a,
      Operand x,
      long xStep,
      Operand y,
      long yStep,
      long from,
      long to) {
    if (rows) {
      Workspace<P> workspace = pool.take();
      P room = workspace.a(MatrixVector.ROOM);
      kernel.dotRows(a, x.segment(), x.offset(), y.segment(), y.offset(), yStep, from, to, room);
      pool.giveBack(workspace);
    } else {
      kernel.addColumns(a, x.segment(), x.offset(), xStep, y.segment(), y.offset(), from, to);
    }
  }

  private PackedMatmul<?> packed(DType dtype) {
    return dtype == DType.FLOAT32 ? packedFloat : packedDouble;
  }

  private static boolean hasRows(Tensor out) {
    return out.stride(-1) == 1 || out.shape().dim(-1) == 1;
  }
}
