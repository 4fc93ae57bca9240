package io.ottla.console.brokers;

import io.ottla.console.pages.Section;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What the brokers' pages are made of. */
@Configuration(proxyBeanMethods = false)
@Import({BrokersController.class, UnregisterController.class})
public class BrokersConfiguration {
    @Bean
    Section brokersSection() {
        return Section.of("brokers", "/brokers", 10);
    }
}
