package org.modalimmune.cpu;

/** The cpu backend with 256-bit vectors. */
class Cpu256ConformanceTest extends CpuConformance {
  Cpu256ConformanceTest() {
    super(256, 2);
  }
}
