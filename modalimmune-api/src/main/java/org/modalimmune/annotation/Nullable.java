package org.modalimmune.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a type whose value may be {@code null}; every type without it never is, which the build
 * checks.
 *
 * <p>Public signatures do without it: what may be absent there is an {@link java.util.Optional} or
 * an overload. It is for private fields and local state, such as a buffer that a close releases. On
 * an array, {@code @Nullable String[]} speaks of the elements and {@code String @Nullable []} of
 * the array.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE_USE)
public @interface Nullable {}
