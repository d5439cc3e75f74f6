package org.modalimmune.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding and opening backends: the named one or none, the best otherwise, and why not. */
class BackendsTest {
  private static final List<Class<?>> NONE = List.of();
  private static final List<Class<?>> ONLY_BROKEN = List.of(TestProviders.Broken.class);
  private static final List<Class<?>> ALL =
      List.of(TestProviders.Working.class, TestProviders.Broken.class, TestProviders.Another.class);

  @TempDir private Path folder;

  /** Names in the order of preference. */
  public static final class Names implements Supplier<String> {
    public Names() {}

    @Override
    public String get() {
      return Backends.providers().stream().map(BackendProvider::name).toList().toString();
    }
  }

  /** What happens when a backend is opened. */
  private static String outcome(Supplier<Backend> opening) {
    try (Backend opened = opening.get()) {
      return "opened " + opened.name();
    } catch (BackendUnavailableException | IllegalArgumentException e) {
      return e.getClass().getSimpleName() + ": " + e.getMessage();
    }
  }

  /** Opens the best. */
  public static final class Best implements Supplier<String> {
    public Best() {}

    @Override
    public String get() {
      return outcome(() -> Backends.openBest(BackendOptions.ofThreads(3)));
    }
  }

  /** Opens one that does not exist. */
  public static final class Unknown implements Supplier<String> {
    public Unknown() {}

    @Override
    public String get() {
      return outcome(() -> Backends.open("kuda", BackendOptions.ofThreads(1)));
    }
  }

  /** Opens one that cannot run. */
  public static final class Unusable implements Supplier<String> {
    public Unusable() {}

    @Override
    public String get() {
      return outcome(() -> Backends.open("broken", BackendOptions.ofThreads(1)));
    }
  }

  /** Opens one by name, though another has a higher priority. */
  public static final class Named implements Supplier<String> {
    public Named() {}

    @Override
    public String get() {
      return outcome(() -> Backends.open("working", BackendOptions.ofThreads(2)));
    }
  }

  @Test
  void providersAreSortedByPriorityThenName() throws Exception {
    assertEquals("[broken, another, working]", ask(Names.class, ALL));
    assertEquals("[]", ask(Names.class, NONE));
  }

  @Test
  void theBestIsTheUsableOneOfTheHighestPriority() throws Exception {
    assertEquals("IllegalArgumentException: opened another with 3", ask(Best.class, ALL));
  }

  @Test
  void noUsableBackendIsAnErrorThatGivesEachReason() throws Exception {
    assertEquals(
        "BackendUnavailableException: backend: none is usable; broken: its card is on fire; call"
            + " the fire brigade",
        ask(Best.class, ONLY_BROKEN));
    assertEquals(
        "BackendUnavailableException: backend: none is usable; put a backend's jar on the path",
        ask(Best.class, NONE));
  }

  @Test
  void anUnknownNameListsThoseThatExist() throws Exception {
    assertEquals(
        "BackendUnavailableException: backend: there is none named 'kuda'; found: [broken, another,"
            + " working]; is its jar on the path?",
        ask(Unknown.class, ALL));
    assertEquals(
        "BackendUnavailableException: backend: there is none named 'kuda'; found: []; is its jar on"
            + " the path?",
        ask(Unknown.class, NONE));
  }

  @Test
  void aNamedBackendThatCannotRunFailsWithItsReason() throws Exception {
    assertEquals(
        "BackendUnavailableException: backend broken: its card is on fire; call the fire brigade",
        ask(Unusable.class, ALL));
  }

  @Test
  void aNamedBackendIsTheOneOpened() throws Exception {
    assertEquals("IllegalArgumentException: opened working with 2", ask(Named.class, ALL));
  }

  @Test
  void optionsAreCheckedAndCopied() {
    assertThrows(IllegalArgumentException.class, () -> BackendOptions.ofThreads(0));
    Map<String, String> settings = BackendOptions.ofThreads(1).settings();
    assertThrows(UnsupportedOperationException.class, () -> settings.put("a", "b"));
  }

  private String ask(Class<? extends Supplier<String>> question, List<Class<?>> providers)
      throws IOException, ReflectiveOperationException {
    return ProviderClassPath.ask(folder, question, providers);
  }
}
