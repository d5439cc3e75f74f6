package org.modalimmune.cpu;

/** The cpu backend with 512-bit vectors. */
class Cpu512ConformanceTest extends CpuConformance {
  Cpu512ConformanceTest() {
    super(512, 3);
  }
}
