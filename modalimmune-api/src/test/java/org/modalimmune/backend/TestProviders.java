package org.modalimmune.backend;

/** Providers for tests of {@link Backends}; none of them opens anything real. */
final class TestProviders {
  private TestProviders() {}

  /** Not usable, though of the highest priority. */
  public static final class Broken implements BackendProvider {
    public Broken() {}

    @Override
    public String name() {
      return "broken";
    }

    @Override
    public int priority() {
      return 1000;
    }

    @Override
    public Availability availability() {
      return Availability.no("its card is on fire; call the fire brigade");
    }

    @Override
    public Backend open(BackendOptions options) {
      throw new AssertionError("an unusable backend was opened");
    }
  }

  /** Usable in name; refuses with a message that shows it was asked. */
  public static class Working implements BackendProvider {
    public Working() {}

    @Override
    public String name() {
      return "working";
    }

    @Override
    public int priority() {
      return 10;
    }

    @Override
    public Availability availability() {
      return Availability.yes("found");
    }

    @Override
    public Backend open(BackendOptions options) {
      throw new IllegalArgumentException("opened " + name() + " with " + options.threads());
    }
  }

  /** As {@link Working}, with the same priority and an earlier name. */
  public static final class Another extends Working {
    public Another() {}

    @Override
    public String name() {
      return "another";
    }
  }
}
