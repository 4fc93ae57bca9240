package io.ottla.console.security;

import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;

/** The identity provider as it describes itself, asked when somebody first logs in by it: it need not be there before. Thread-safe. */
final class OidcRegistration implements ClientRegistrationRepository {
    static final String ID = "oidc";

    private final OidcProperties properties;
    private volatile ClientRegistration known;

    OidcRegistration(OidcProperties properties) {
        this.properties = properties;
    }

    /** Null for any other; throws where the provider can't be asked. */
    @Override
    public ClientRegistration findByRegistrationId(String id) {
        if (!ID.equals(id)) {
            return null;
        }
        ClientRegistration now = known;
        if (now == null) {
            now = ClientRegistrations.fromIssuerLocation(properties.issuer())
                    .registrationId(ID)
                    .clientId(properties.clientId())
                    .clientSecret(properties.clientSecret())
                    .clientName(properties.label())
                    .scope(properties.scopes())
                    .redirectUri("{baseUrl}/login/oauth2/code/{registrationId}")
                    .build();
            known = now;
        }
        return now;
    }
}
