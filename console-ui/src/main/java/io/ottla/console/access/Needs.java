package io.ottla.console.access;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a request to a handler method does: refused before anything of it is read where the visitor may do it to nothing in
 * the cluster. For which topics and groups he may is looked at where it is done. A test holds that every method that changes
 * something has it.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Needs {
    Action value();
}
