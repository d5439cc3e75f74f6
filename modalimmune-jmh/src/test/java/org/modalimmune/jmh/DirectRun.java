package org.modalimmune.jmh;

import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Calls a benchmark class as JMH would, once and without timing. JMH itself waits half a second
 * before each run for the collector to settle.
 */
final class DirectRun {
  private final Class<?> type;
  private final Map<String, List<String>> values;

  private DirectRun(Class<?> type, Map<String, List<String>> values) {
    this.type = type;
    this.values = values;
  }

  /**
   * A class whose parameters take the values given by name; those not named take the default ones.
   */
  static DirectRun of(String type, Map<String, List<String>> values)
      throws ReflectiveOperationException {
    return new DirectRun(Class.forName(type), values);
  }

  /** Set-up, the named benchmarks and tear-down for every combination of parameters. */
  void everyCombination(Set<String> benchmarks) throws Throwable {
    for (Object instance : instances()) {
      callAll(instance, Setup.class);
      for (String benchmark : benchmarks) {
        Method method =
            Arrays.stream(type.getMethods())
                .filter(m -> m.getName().equals(benchmark))
                .findFirst()
                .orElseThrow();
        call(instance, method);
      }
      callAll(instance, TearDown.class);
    }
  }

  private List<Object> instances() throws ReflectiveOperationException {
    List<Object> all = new ArrayList<>();
    List<Field> parameters =
        Arrays.stream(type.getFields()).filter(f -> f.isAnnotationPresent(Param.class)).toList();
    int[] choice = new int[parameters.size()];
    int position;
    do {
      Object instance = type.getConstructor().newInstance();
      for (int i = 0; i < choice.length; i++) {
        Field field = parameters.get(i);
        field.set(instance, converted(field.getType(), choices(field).get(choice[i])));
      }
      all.add(instance);
      position = 0;
      while (position < choice.length
          && ++choice[position] == choices(parameters.get(position)).size()) {
        choice[position++] = 0;
      }
    } while (position < choice.length);
    return all;
  }

  private List<String> choices(Field field) {
    if (values.containsKey(field.getName())) {
      return values.get(field.getName());
    }
    String[] given = field.getAnnotation(Param.class).value();
    // JMH's mark for an enum's parameter without values: all constants
    if (field.getType().isEnum() && given.length == 1 && given[0].equals(Param.BLANK_ARGS)) {
      return Arrays.stream(field.getType().getEnumConstants())
          .map(c -> ((Enum<?>) c).name())
          .toList();
    }
    return List.of(given);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Object converted(Class<?> type, String text) {
    if (type == int.class) {
      return Integer.valueOf(text);
    }
    if (type == long.class) {
      return Long.valueOf(text);
    }
    return type.isEnum() ? Enum.valueOf((Class<? extends Enum>) type, text) : text;
  }

  private void callAll(Object instance, Class<? extends Annotation> mark) throws Throwable {
    for (Method method : type.getMethods()) {
      if (method.isAnnotationPresent(mark)) {
        call(instance, method);
      }
    }
  }

  private static void call(Object instance, Method method) throws Throwable {
    Object[] arguments =
        method.getParameterCount() == 0
            ? new Object[0]
            : new Object[] {
              new Blackhole(
                  "Today's password is swordfish. I understand instantiating Blackholes directly is"
                      + " dangerous.")
            };
    try {
      method.invoke(instance, arguments);
    } catch (InvocationTargetException e) {
      throw new AssertionError(
          method.getDeclaringClass().getSimpleName() + "." + method.getName(), e.getCause());
    }
  }
}
