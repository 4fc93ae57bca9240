package io.ottla.console.records;

import io.ottla.console.pages.TopicTab;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.ContextClosedEvent;

/** What the pages and calls about records are made of. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RecordsProperties.class)
@Import({
    RecordsController.class,
    ProduceController.class,
    TailController.class,
    RecordsResource.class,
    ProduceResource.class
})
public class RecordsConfiguration {
    /** Closed with the context. */
    record Registries(Map<String, SchemaRegistry> byKey) implements DisposableBean {
        @Override
        public void destroy() {
            byKey.values().forEach(SchemaRegistry::close);
        }
    }

    @Bean
    Registries schemaRegistries(RecordsProperties properties) {
        Map<String, SchemaRegistry> registries = new HashMap<>();
        properties
                .registries()
                .forEach((key, client) -> registries.put(key, new SchemaRegistry(client, InstantSource.system())));
        return new Registries(registries);
    }

    @Bean
    RecordBrowser recordBrowser(Registries registries, RecordsProperties properties) {
        return new RecordBrowser(registries.byKey(), properties.rules());
    }

    @Bean
    Tail recordTail(RecordBrowser browser) {
        return new Tail(browser);
    }

    @Bean
    TopicTab recordsTab() {
        return TopicTab.of("records", "/records", 20);
    }

    /** Before the web server waits for requests that are under way, of which a tail would be one for minutes. */
    @Bean
    ApplicationListener<ContextClosedEvent> tailsEnd(Tail tail) {
        return closed -> tail.stop();
    }
}
