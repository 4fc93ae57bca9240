package io.ottla.console.pages;

import io.ottla.console.security.ApiAnswer;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** What all pages share. */
@Configuration(proxyBeanMethods = false)
public class PagesConfiguration implements WebMvcConfigurer {
    /** In step with htmx.version of the build; a test asks for the file. */
    private static final String HTMX = "classpath:/META-INF/resources/webjars/htmx.org/2.0.10/dist/";

    private static final CacheControl AN_HOUR = CacheControl.maxAge(Duration.ofHours(1));

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/assets/lib/*").addResourceLocations(HTMX).setCacheControl(AN_HOUR);
        registry.addResourceHandler("/assets/*")
                .addResourceLocations("classpath:/io/ottla/console/assets/")
                .setCacheControl(AN_HOUR);
    }

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addRedirectViewController("/", "/brokers");
    }

    @Bean
    ErrorPages errorPages(ApiAnswer api) {
        return new ErrorPages(api);
    }

    @Bean
    PageAdvice pageAdvice() {
        return new PageAdvice();
    }
}
