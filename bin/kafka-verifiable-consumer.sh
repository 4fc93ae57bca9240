#!/usr/bin/env bash
TOOLS_JIT_LEVEL=4 exec "$(dirname "${BASH_SOURCE[0]}")/kafka-run-class.sh" org.apache.kafka.tools.VerifiableConsumer "$@"
