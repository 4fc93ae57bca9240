package io.ottla.metrics;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Says which metrics a test moves by load or fault, and holds it to that: the test takes a {@link Movement} and lets it
 * watch the meters before it begins; it fails where one of these names did not change until its end. Another test collects
 * all these names, so that no metric is without a test.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(MovementCheck.class)
public @interface Moves {
    String[] value();
}
