package io.ottla.app;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The process: one Spring Boot application that holds the broker, the console and the actuator. */
@SpringBootApplication(scanBasePackages = "io.ottla.app")
public class OttlaApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(OttlaApplication.class, arguments);
    }
}
