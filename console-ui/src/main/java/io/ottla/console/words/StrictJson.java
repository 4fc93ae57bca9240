package io.ottla.console.words;

import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Takes each value of a JSON text as it stands or not at all. What is nearly a number or nearly a boolean would be rounded or guessed,
 * and of a field that is there twice one would be dropped: what deletes something, or lets somebody in, must not be
 * guessed. {@link BrokenJson} says what is wrong then.
 */
public final class StrictJson {
    private StrictJson() {}

    public static JsonMapper.Builder apply(JsonMapper.Builder json) {
        return json.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .withCoercionConfig(
                        LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
    }
}
