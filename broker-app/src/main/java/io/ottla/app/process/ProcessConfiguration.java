package io.ottla.app.process;

import io.ottla.config.BrokerConfig;
import io.ottla.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The broker as Spring sees it. The {@link BrokerProcess} itself is made before Spring and handed in. */
@Configuration(proxyBeanMethods = false)
public class ProcessConfiguration {
    /** How long the web server waits for the broker, so that in the usual case clients are served first. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Bean
    BrokerLifecycle brokerLifecycle(BrokerProcess process) {
        return new BrokerLifecycle(
                process, PATIENCE, () -> Thread.ofPlatform().name("ottla-exit").start(() -> System.exit(1)));
    }

    @Bean
    ConsoleBroker consoleBroker(BrokerProcess process, BrokerConfig config) {
        return new ConsoleBroker(process, config);
    }

    @Bean
    ConsoleFigures consoleFigures(BrokerProcess process) {
        return new ConsoleFigures(process);
    }

    @Bean
    ReadyBanner readyBanner(BrokerProcess process) {
        return new ReadyBanner(process, Version.current());
    }

    @Bean
    BrokerLiveness brokerLivenessHealthIndicator(BrokerProcess process) {
        return new BrokerLiveness(process);
    }

    @Bean
    BrokerReadiness brokerHealthIndicator(
            BrokerProcess process, @Value("${ottla.readiness.patience:30m}") Duration patience) {
        return new BrokerReadiness(process, patience, Clock.system());
    }

    @Bean
    ZooKeeperSession zooKeeperHealthIndicator(BrokerProcess process) {
        return new ZooKeeperSession(process);
    }
}
