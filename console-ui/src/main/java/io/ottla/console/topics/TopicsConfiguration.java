package io.ottla.console.topics;

import io.ottla.console.abilities.Abilities;
import io.ottla.console.abilities.Ability;
import io.ottla.console.pages.Section;
import io.ottla.console.pages.TopicTab;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What the topics' pages are made of. */
@Configuration(proxyBeanMethods = false)
@Import({TopicsController.class, TopicController.class, TopicActionsController.class, ProducersController.class})
public class TopicsConfiguration {
    @Bean
    Section topicsSection() {
        return Section.of("topics", "/topics", 20);
    }

    @Bean
    TopicTab partitionsTab() {
        return TopicTab.of("partitions", "", 10);
    }

    /** Brokers tell producers since they tell transactions. */
    @Bean
    TopicTab producersTab(Abilities abilities) {
        return new TopicTab("producers", "/producers", 50, visit -> !abilities.lacks(visit, Ability.TRANSACTIONS));
    }
}
