package io.ottla.console.security;

import io.ottla.console.access.Grant;
import io.ottla.console.people.GrantSetting;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * An identity provider that speaks OpenID Connect.
 *
 * @param issuer {@code console.oidc.issuer}: below it is {@code .well-known/openid-configuration}; empty for none
 * @param clientId {@code console.oidc.client-id}
 * @param clientSecret {@code console.oidc.client-secret}
 * @param label {@code console.oidc.label}: what the login calls it
 * @param scopes {@code console.oidc.scopes}
 * @param nameClaim {@code console.oidc.name-claim}: what somebody is called
 * @param grantsClaim {@code console.oidc.grants-claim}: the claim with groups or roles; dots lead into it, as in {@code
 *     realm_access.roles}
 * @param grants {@code console.oidc.grants.VALUE.*}: what those may who have this value in the claim
 */
@ConfigurationProperties("console.oidc")
public record OidcProperties(
        @DefaultValue("") String issuer,
        @DefaultValue("") String clientId,
        @DefaultValue("") String clientSecret,
        @DefaultValue("OpenID Connect") String label,
        @DefaultValue({"openid", "profile", "email"}) List<String> scopes,
        @DefaultValue("preferred_username") String nameClaim,
        @DefaultValue("groups") String grantsClaim,
        Map<String, GrantSetting> grants) {
    public OidcProperties {
        grants = grants == null ? Map.of() : Map.copyOf(grants);
        if (!issuer.isEmpty() && clientId.isEmpty()) {
            throw new IllegalArgumentException("console.oidc.client-id: Expected the id by which " + issuer
                    + " knows this console, but it is not set.");
        }
        if (!issuer.isEmpty() && grants.isEmpty()) {
            throw new IllegalArgumentException(
                    "console.oidc.grants: Expected at least one value of the claim that may something, as console.oidc.grants.VALUE.role=viewer.");
        }
    }

    boolean isSet() {
        return !issuer.isEmpty();
    }

    /** By the value of the claim. */
    Map<String, Grant> byValue() {
        Map<String, Grant> byValue = new TreeMap<>();
        grants.forEach((value, setting) -> byValue.put(value, setting.grant("console.oidc.grants." + value)));
        return byValue;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "OidcProperties[issuer=" + issuer + "]";
    }
}
