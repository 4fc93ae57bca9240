package io.ottla.console.rest;

import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.scram.ScramUsers;
import io.ottla.console.scram.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Users that log in by SCRAM. */
@RestController
@RequestMapping(path = "/api/v1/clusters/{clusterId}/scram-users", produces = MediaType.APPLICATION_JSON_VALUE)
final class ScramUsersResource {
    private static final int USUAL_ITERATIONS = 8_192;

    /**
     * The body of a request that sets a password.
     *
     * @param iterations null for as many as are usual
     */
    record NewCredential(String password, Integer iterations) {
        @Override
        public String toString() {
            return "NewCredential[iterations=" + iterations + "]";
        }
    }

    @GetMapping
    Links.Listed<ScramUserData> users(Visit visit, @PathVariable String clusterId, HttpServletRequest request) {
        Links links = Links.of(request, clusterId);
        return links.listed(
                "ScramUserList",
                "/scram-users",
                ScramUsers.list(visit).stream()
                        .map(user -> ScramUserData.of(user, links))
                        .toList());
    }

    @GetMapping("/{user}")
    ScramUserData user(
            Visit visit, @PathVariable String clusterId, @PathVariable String user, HttpServletRequest request) {
        return ScramUserData.of(
                ScramUsers.find(visit, user)
                        .orElseThrow(
                                () -> new ApiFailure(ApiError.NO_SUCH_USER, "There is no SCRAM user " + user + ".")),
                Links.of(request, clusterId));
    }

    /** Gives a user, who is made where there is none, a new password for a mechanism. */
    @Needs(Action.EDIT_USERS)
    @PutMapping(path = "/{user}/{mechanism}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> set(
            Visit visit, @PathVariable String user, @PathVariable String mechanism, @RequestBody NewCredential body) {
        ScramUsers.set(
                visit,
                user,
                List.of(ScramUsers.mechanism(mechanism)),
                body.iterations() == null ? USUAL_ITERATIONS : body.iterations(),
                Secret.chosen(body.password()));
        return ResponseEntity.noContent().build();
    }

    @Needs(Action.EDIT_USERS)
    @DeleteMapping("/{user}/{mechanism}")
    ResponseEntity<Void> delete(Visit visit, @PathVariable String user, @PathVariable String mechanism) {
        ScramUsers.delete(visit, user, ScramUsers.mechanism(mechanism));
        return ResponseEntity.noContent().build();
    }
}
