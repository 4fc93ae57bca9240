package io.ottla.toolchain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/** Proves that jqwik's engine runs on this JDK beside the JUnit that Spring Boot manages. */
class JqwikTest {
    private static final AtomicInteger TRIES = new AtomicInteger();

    @Property(tries = 200)
    void shouldRunAProperty(@ForAll int value) {
        TRIES.incrementAndGet();
        assertThat(Integer.parseInt(Integer.toString(value))).isEqualTo(value);
    }

    @AfterContainer
    static void shouldHaveTriedMoreThanOnce() {
        assertThat(TRIES).hasValueGreaterThan(100);
    }
}
