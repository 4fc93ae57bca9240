{{/* What names begin with: at most 40 characters, so that the longest of them is a DNS label still. */}}
{{- define "ottla.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "ottla.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* The label job of the brokers' series. */}}
{{- define "ottla.job" -}}
{{- printf "%s/%s" .Release.Namespace (include "ottla.fullname" .) -}}
{{- end -}}

{{- define "ottla.headless" -}}
{{- printf "%s-headless" (include "ottla.fullname" .) -}}
{{- end -}}

{{- define "ottla.zookeeper" -}}
{{- printf "%s-zookeeper" (include "ottla.fullname" .) -}}
{{- end -}}

{{- define "ottla.zookeeperHeadless" -}}
{{- printf "%s-zookeeper-headless" (include "ottla.fullname" .) -}}
{{- end -}}

{{/* Labels that select pods: (list $ component). They never change. */}}
{{- define "ottla.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "ottla.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* Labels of an object: (list $ component). */}}
{{- define "ottla.labels" -}}
{{- $root := index . 0 -}}
{{ include "ottla.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Labels of pods: (list $ component). Without versions: a new one of the chart that changes nothing for pods restarts none. */}}
{{- define "ottla.podLabels" -}}
{{ include "ottla.selector" . }}
{{- with (index . 0).Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The annotations of an object: (list $ own). Nothing where there are none. */}}
{{- define "ottla.annotations" -}}
{{- $all := merge (dict) (index . 1) (index . 0).Values.commonAnnotations -}}
{{- with $all -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{- define "ottla.image" -}}
{{- $image := .Values.image -}}
{{- with $image.registry }}{{ . }}/{{ end -}}
{{- $image.repository -}}
{{- if $image.digest -}}
@{{ $image.digest }}
{{- else -}}
:{{ default .Chart.AppVersion $image.tag }}
{{- end -}}
{{- end -}}

{{- define "ottla.pullSecrets" -}}
{{- with .Values.image.pullSecrets -}}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end -}}
{{- end -}}

{{- define "ottla.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "ottla.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* The name of a broker's pod: (list $ ordinal). */}}
{{- define "ottla.pod" -}}
{{- printf "%s-%d" (include "ottla.fullname" (index . 0)) (int (index . 1)) -}}
{{- end -}}

{{/* The DNS name of a broker's pod: (list $ ordinal). */}}
{{- define "ottla.host" -}}
{{- $root := index . 0 -}}
{{- printf "%s.%s.%s.svc.%s" (include "ottla.pod" .) (include "ottla.headless" $root) $root.Release.Namespace $root.Values.clusterDomain -}}
{{- end -}}

{{/* The DNS name of a server of ZooKeeper: (list $ ordinal). */}}
{{- define "ottla.zookeeperHost" -}}
{{- $root := index . 0 -}}
{{- $zookeeper := include "ottla.zookeeper" $root -}}
{{- printf "%s-%d.%s.%s.svc.%s" $zookeeper (int (index . 1)) (include "ottla.zookeeperHeadless" $root) $root.Release.Namespace $root.Values.clusterDomain -}}
{{- end -}}

{{- define "ottla.zookeeperConnect" -}}
{{- $servers := list -}}
{{- if .Values.zookeeper.enabled -}}
{{- range $ordinal := until (int .Values.zookeeper.replicaCount) -}}
{{- $servers = append $servers (printf "%s:2181" (include "ottla.zookeeperHost" (list $ $ordinal))) -}}
{{- end -}}
{{- else -}}
{{- $servers = .Values.externalZookeeper.servers -}}
{{- end -}}
{{- join "," $servers -}}{{ .Values.zookeeperChrootPath }}
{{- end -}}

{{/* The ports of the servers that are there already, each once, with commas between them. */}}
{{- define "ottla.externalZookeeperPorts" -}}
{{- $ports := list -}}
{{- range .Values.externalZookeeper.servers -}}
{{- $ports = append $ports (regexFind "[0-9]+$" . | int) -}}
{{- end -}}
{{- $ports | uniq | join "," -}}
{{- end -}}

{{/* Where a broker's data is: (list ordinal-of-the-folder). */}}
{{- define "ottla.folder" -}}
{{- if eq (int .) 0 -}}/var/lib/kafka/data{{- else -}}{{ printf "/var/lib/kafka/data-%d" (int .) }}{{- end -}}
{{- end -}}

{{- define "ottla.volume" -}}
{{- if eq (int .) 0 -}}data{{- else -}}{{ printf "data-%d" (int .) }}{{- end -}}
{{- end -}}

{{/* Where clients outside find a broker: (list $ ordinal). */}}
{{- define "ottla.externalHost" -}}
{{- $root := index . 0 -}}
{{- $ordinal := int (index . 1) -}}
{{- $access := $root.Values.externalAccess -}}
{{- if $access.hosts -}}
{{- index $access.hosts $ordinal -}}
{{- else if $access.domain -}}
{{- printf "%s.%s" (include "ottla.pod" .) $access.domain -}}
{{- else -}}
{{- index $access.service.loadBalancerIPs $ordinal -}}
{{- end -}}
{{- end -}}

{{- define "ottla.externalPort" -}}
{{- $access := (index . 0).Values.externalAccess -}}
{{- if eq $access.service.type "NodePort" -}}
{{- index $access.service.nodePorts (int (index . 1)) -}}
{{- else -}}
{{- $access.service.port -}}
{{- end -}}
{{- end -}}

{{/* The Secret with the console's password; empty where each broker makes its own. */}}
{{- define "ottla.consoleSecret" -}}
{{- if .Values.console.existingSecret -}}
{{- .Values.console.existingSecret -}}
{{- else if .Values.console.adminPassword -}}
{{- printf "%s-console" (include "ottla.fullname" .) -}}
{{- end -}}
{{- end -}}

{{/*
What changes with the password in the chart's own Secret; empty where there is none. More may read pods than Secrets, so that
it must be slow to try what it may be: a password that is derived from it, by scrypt, is hashed, and not itself.
*/}}
{{- define "ottla.consoleChecksum" -}}
{{- if and .Values.console.adminPassword (not .Values.console.existingSecret) -}}
{{- derivePassword 1 "maximum" .Values.console.adminPassword .Release.Name .Release.Namespace | sha256sum -}}
{{- end -}}
{{- end -}}

{{/* The affinity of pods: (list $ component affinity preset). */}}
{{- define "ottla.affinity" -}}
{{- $root := index . 0 -}}
{{- $component := index . 1 -}}
{{- $preset := index . 3 -}}
{{- if index . 2 -}}
affinity:
  {{- toYaml (index . 2) | nindent 2 }}
{{- else if eq $preset "hard" -}}
affinity:
  podAntiAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- include "ottla.selector" (list $root $component) | nindent 12 }}
{{- else if eq $preset "soft" -}}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "ottla.selector" (list $root $component) | nindent 14 }}
{{- end -}}
{{- end -}}

{{/* How pods are spread: (list $ component constraints). */}}
{{- define "ottla.spread" -}}
topologySpreadConstraints:
{{- if index . 2 }}
  {{- toYaml (index . 2) | nindent 2 }}
{{- else }}
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "ottla.selector" (list (index . 0) (index . 1)) | nindent 8 }}
{{- end }}
{{- end -}}

{{/* A probe that asks a path: (list path values). */}}
{{- define "ottla.probe" -}}
{{- $probe := index . 1 -}}
httpGet:
  path: {{ index . 0 }}
  port: http
initialDelaySeconds: {{ $probe.initialDelaySeconds }}
periodSeconds: {{ $probe.periodSeconds }}
timeoutSeconds: {{ $probe.timeoutSeconds }}
failureThreshold: {{ $probe.failureThreshold }}
{{- end -}}

{{/* What all brokers are told. Settings of the values go before those that are only defaults. */}}
{{- define "ottla.settings" -}}
{{- $replicas := min 3 (int .Values.replicaCount) -}}
{{- $settings := dict
    "default.replication.factor" $replicas
    "min.insync.replicas" (ternary 2 1 (ge $replicas 3))
    "unclean.leader.election.enable" false
    "zookeeper.connection.timeout.ms" 60000 -}}
{{- if lt $replicas 3 -}}
{{- $_ := set $settings "offsets.topic.replication.factor" $replicas -}}
{{- end -}}
{{- if .Values.logFormat -}}
{{- $_ := set $settings "logging.structured.format.console" .Values.logFormat -}}
{{- end -}}
{{- if .Values.metrics.enabled -}}
{{- $_ := set $settings "management.open" true -}}
{{- end -}}
{{- range $name, $value := .Values.config -}}
{{- $_ := set $settings $name $value -}}
{{- end -}}
{{- $folders := list -}}
{{- range $folder := until (int .Values.persistence.folders) -}}
{{- $folders = append $folders (printf "%s/logs" (include "ottla.folder" $folder)) -}}
{{- end -}}
{{- $listeners := .Values.listeners -}}
{{- $names := list "CLIENT" "INTERNAL" -}}
{{- $open := list (printf "CLIENT://:%d" (int $listeners.client.containerPort)) (printf "INTERNAL://:%d" (int $listeners.interbroker.containerPort)) -}}
{{- if .Values.externalAccess.enabled -}}
{{- $names = append $names "EXTERNAL" -}}
{{- $open = append $open (printf "EXTERNAL://:%d" (int $listeners.external.containerPort)) -}}
{{- end -}}
{{- $map := list -}}
{{- range $names -}}
{{- $map = append $map (printf "%s:PLAINTEXT" .) -}}
{{- end -}}
zookeeper.connect={{ include "ottla.zookeeperConnect" . }}
listeners={{ join "," $open }}
listener.security.protocol.map={{ join "," $map }}
inter.broker.listener.name=INTERNAL
log.dirs={{ join "," $folders }}
server.port={{ int $listeners.http.containerPort }}
ottla.readiness.patience={{ .Values.readinessProbe.patience }}
{{- range $name, $value := $settings }}
{{ $name }}={{ include "ottla.value" $value }}
{{- end }}
{{- end -}}

{{/* A value as a properties file has it. Large numbers come as floats. */}}
{{- define "ottla.value" -}}
{{- if kindIs "float64" . -}}
{{- if eq . (floor .) -}}{{ printf "%.0f" . }}{{- else -}}{{ . }}{{- end -}}
{{- else -}}
{{- toString . | replace "\\" "\\\\" -}}
{{- end -}}
{{- end -}}

{{/* Refuses values that contradict each other. The schema has looked at each of them. */}}
{{- define "ottla.check" -}}
{{- $values := .Values -}}
{{- if and $values.zookeeper.enabled $values.externalZookeeper.servers -}}
{{- fail "externalZookeeper.servers: expected either servers that are there already or zookeeper.enabled, but there are both; set zookeeper.enabled=false to use yours" -}}
{{- end -}}
{{- if not (or $values.zookeeper.enabled $values.externalZookeeper.servers) -}}
{{- fail "externalZookeeper.servers: expected the ZooKeeper to use, as zookeeper.enabled is false, but there is none" -}}
{{- end -}}
{{- range $name, $value := $values.zookeeper.config -}}
{{- if or (has $name (list "dataDir" "dataLogDir" "clientPort" "myid" "quorumListenOnAllIPs")) (hasPrefix "server." $name) -}}
{{- fail (printf "zookeeper.config: expected settings that the chart leaves open, but %s is one that it makes itself" $name) -}}
{{- end -}}
{{- end -}}
{{- range $name, $value := $values.config -}}
{{- if has $name (list "broker.id" "node.id" "listeners" "advertised.listeners" "port" "host.name" "advertised.port" "advertised.host.name" "listener.security.protocol.map" "inter.broker.listener.name" "security.inter.broker.protocol" "log.dir" "log.dirs" "zookeeper.connect" "zookeeper.embedded.port" "zookeeper.embedded.dir" "server.port" "server.address" "management.server.port" "ottla.readiness.patience") -}}
{{- fail (printf "config: expected settings that the chart leaves open, but %s is one that it makes itself; use its other values" $name) -}}
{{- end -}}
{{- end -}}
{{- /* Not in the schema, whose refusal would show it. */ -}}
{{- if not (regexMatch "^(|\\{bcrypt\\}.+|[^{].{7,71})$" $values.console.adminPassword) -}}
{{- fail "console.adminPassword: expected 8 to 72 characters, or {bcrypt} and a hash" -}}
{{- end -}}
{{- $ports := list -}}
{{- range $listener := list "client" "interbroker" "external" "http" -}}
{{- $port := int (index $values.listeners $listener).containerPort -}}
{{- if has $port $ports -}}
{{- fail (printf "listeners.%s.containerPort: expected a port of its own, but %d is another listener's" $listener $port) -}}
{{- end -}}
{{- $ports = append $ports $port -}}
{{- end -}}
{{- $replicas := int $values.replicaCount -}}
{{- $access := $values.externalAccess -}}
{{- if $access.enabled -}}
{{- if and (eq $access.service.type "NodePort") (ne (len $access.service.nodePorts) $replicas) -}}
{{- fail (printf "externalAccess.service.nodePorts: expected a port for each of the %d brokers, but there are %d" $replicas (len $access.service.nodePorts)) -}}
{{- end -}}
{{- if $access.hosts -}}
{{- if ne (len $access.hosts) $replicas -}}
{{- fail (printf "externalAccess.hosts: expected a host for each of the %d brokers, but there are %d" $replicas (len $access.hosts)) -}}
{{- end -}}
{{- else if and (not $access.domain) (ne (len $access.service.loadBalancerIPs) $replicas) -}}
{{- fail "externalAccess.hosts: expected where clients find each broker, in hosts, domain or service.loadBalancerIPs, but it is nowhere" -}}
{{- end -}}
{{- if and $access.service.loadBalancerIPs (ne (len $access.service.loadBalancerIPs) $replicas) -}}
{{- fail (printf "externalAccess.service.loadBalancerIPs: expected an address for each of the %d brokers, but there are %d" $replicas (len $access.service.loadBalancerIPs)) -}}
{{- end -}}
{{- end -}}
{{- if and $values.metrics.serviceMonitor.enabled (not $values.metrics.enabled) -}}
{{- fail "metrics.serviceMonitor.enabled: expected metrics.enabled as well, without which Prometheus is answered 401" -}}
{{- end -}}
{{- end -}}

{{/* What all servers of ZooKeeper are told. They listen on all addresses: their own names may not be known yet when they start. */}}
{{- define "ottla.zookeeperSettings" -}}
{{- $replicas := int .Values.zookeeper.replicaCount -}}
{{- $settings := dict
    "tickTime" 2000
    "initLimit" 30
    "syncLimit" 10
    "maxClientCnxns" 0
    "autopurge.snapRetainCount" 3
    "autopurge.purgeInterval" 1
    "4lw.commands.whitelist" "ruok,srvr,mntr" -}}
{{- range $name, $value := .Values.zookeeper.config -}}
{{- $_ := set $settings $name $value -}}
{{- end -}}
dataDir=/var/lib/zookeeper/data
{{- if gt $replicas 1 }}
quorumListenOnAllIPs=true
{{- range $ordinal := until $replicas }}
server.{{ add $ordinal 1 }}={{ include "ottla.zookeeperHost" (list $ $ordinal) }}:2888:3888;2181
{{- end }}
{{- else }}
clientPort=2181
{{- end }}
{{- range $name, $value := $settings }}
{{ $name }}={{ include "ottla.value" $value }}
{{- end }}
{{- end -}}
