package org.modalimmune.cuda.library;

/**
 * Where a matrix lies, in cuBLAS's terms: columns one after the other.
 *
 * @param address of the first element
 * @param leading elements from one column to the next
 * @param stride elements from one matrix of a batch to the next; 0 repeats the same one
 * @param transposed whether the matrix enters the product transposed
 */
public record MatrixOperand(long address, int leading, long stride, boolean transposed) {}
