package org.modalimmune.cuda.software;

import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendUnavailableException;
import org.modalimmune.cuda.CudaProvider;

/** A program that opens the backend with a binding, and says what came of it. */
final class OpenProgram {
  private OpenProgram() {}

  public static void main(String[] arguments) {
    System.out.println(new CudaProvider().availability());
    try (Backend backend = new CudaProvider().open(SoftwareDevice.options(arguments[0]))) {
      System.out.println("opened " + backend.device());
    } catch (BackendUnavailableException e) {
      System.out.println(e.getMessage());
    }
  }
}
