package io.ottla.console.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void shouldSayInWhichZoneATimeIs() {
        Instant at = Instant.parse("2026-07-01T10:00:00Z");
        String zone = Figures.zone(ZoneId.systemDefault().getRules().getOffset(at));

        assertThat(new Figures(Locale.ENGLISH).time(at)).contains("2026").endsWith(" " + zone);
        assertThat(new Figures(Locale.CHINESE).time(at)).contains("2026年").endsWith(" " + zone);
        assertThat(new Figures(Locale.ENGLISH).time(null)).isEqualTo("–");
        assertThat(new Figures(Locale.ENGLISH).zone()).startsWith("UTC");
    }

    @Test
    void shouldNameAZoneByItsDistance() {
        assertThat(Figures.zone(ZoneOffset.UTC)).isEqualTo("UTC");
        assertThat(Figures.zone(ZoneOffset.ofHours(8))).isEqualTo("UTC+8");
        assertThat(Figures.zone(ZoneOffset.ofHoursMinutes(5, 30))).isEqualTo("UTC+5:30");
        assertThat(Figures.zone(ZoneOffset.ofHoursMinutes(-3, -30))).isEqualTo("UTC−3:30");
    }
}
