package io.ottla.console.topics;

import io.ottla.console.pages.Section;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What the topics' pages are made of. */
@Configuration(proxyBeanMethods = false)
@Import({TopicsController.class, TopicController.class})
public class TopicsConfiguration {
    @Bean
    Section topicsSection() {
        return Section.of("topics", "/topics", 20);
    }
}
