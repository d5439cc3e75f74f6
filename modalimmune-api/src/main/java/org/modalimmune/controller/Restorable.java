package org.modalimmune.controller;

/** Something whose progress is saved with a checkpoint and continued to the same bits. */
public interface Restorable {
  /** All that later results depend on, settings included. */
  ControllerState state();

  /**
   * Takes the progress over; what follows is what followed when the state was saved, bit for bit.
   *
   * @param state of an object of this kind with the same settings
   * @throws IllegalArgumentException if kind, version, number of arms or settings differ or a value
   *     cannot have been saved; nothing has changed then
   */
  void restore(ControllerState state);
}
