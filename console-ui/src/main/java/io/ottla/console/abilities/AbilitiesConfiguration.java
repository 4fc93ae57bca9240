package io.ottla.console.abilities;

import io.ottla.console.pages.Section;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What is known of the clusters' abilities, and what the head of the pages leads to because of it. */
@Configuration(proxyBeanMethods = false)
@Import(SecurityController.class)
public class AbilitiesConfiguration {
    @Bean
    Abilities abilities() {
        return new Abilities(InstantSource.system());
    }

    @Bean
    Section transactionsSection(Abilities abilities) {
        return new Section("transactions", "/transactions", 60, visit -> abilities.has(visit, Ability.TRANSACTIONS));
    }

    @Bean
    Section securitySection(Abilities abilities) {
        return new Section(
                "security",
                "/security",
                70,
                visit -> Stream.of(SecurityTab.values()).anyMatch(tab -> tab.isShown(abilities, visit)));
    }
}
