package org.modalimmune.cpu;

/** The cpu backend with 128-bit vectors. */
class Cpu128ConformanceTest extends CpuConformance {
  Cpu128ConformanceTest() {
    super(128, 1);
  }
}
