package io.ottla.app.console;

import io.ottla.app.process.BrokerProcess;
import io.ottla.config.BrokerConfig;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the console asks of the process, as Spring sees it. */
@Configuration(proxyBeanMethods = false)
public class ConsolePorts {
    @Bean
    ZooKeeperConsoleStore zooKeeperConsoleStore(BrokerProcess process) {
        return new ZooKeeperConsoleStore(process);
    }

    @Bean
    SealerOfBroker sealerOfBroker(BrokerConfig config) {
        return new SealerOfBroker(config);
    }

    @Bean
    ZooKeeperOfConsole zooKeeperOfConsole(BrokerProcess process) {
        return new ZooKeeperOfConsole(process);
    }
}
