"""WARM. Command lines of services, and the words with which each of them destroys something."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VERBS = _words(
    "delete destroy remove rm purge terminate revoke drop kill deregister uninstall undeploy deprovision del "
    "erase reset"
    " force_reset delete-all wipe archive unlink unset rollback prune rmi rb cleanup recreate compact forget"
    " remove-secret forget_cluster_node undelete untag decommission detach dealloc truncate"
)
"""What destroys, as a subcommand of most of them."""
PREFIXES = re.compile(
    r"^(delete|terminate|deregister|remove|purge|revoke|destroy|drop|disable|reset|release|force-delete|batch-delete"
    r"|cancel|unsubscribe|schedule-key-deletion|put-secret-value|create-invalidation|delete_|remove_)([-_:].*|$)"
    r"|^unsubscribe$|^schedule-key-deletion$|^put-secret-value$|^create-invalidation$|.*:(destroy|delete|remove|reset)$"
)
"""Operations named verb-object: ``delete-bucket``, ``terminate-instances``."""
SERVICES = _words(
    "aws gcloud az azcopy gsutil bq doctl heroku flyctl fly vercel netlify wrangler fastly ibmcloud oci "
    "linode-cli hcloud"
    " scw exo vultr-cli eksctl kops cdk sam serverless sls pulumi terraform tofu terragrunt helm helmfile kustomize"
    " argocd flux velero rclone borg restic duplicity kopia mc s3cmd aliyun tccli cloudflared firebase supabase"
    " railway render planetscale pscale neonctl turso mongocli atlas confluent kafka-topics kafka-topics.sh"
    " kafka-consumer-groups kafka-consumer-groups.sh rpk nats rabbitmqadmin rabbitmqctl vault consul nomad doppler op"
    " infisical chamber sops pass gh glab circleci jenkins-cli travis gitlab-runner stripe square braintree pd newrelic"
    " datadog-ci dog ldcli flipt unleash split algolia apigeecli deck kong grafana-cli sentry-cli vagrant virsh "
    "multipass"
    " lxc lxd incus kubectl oc crictl ctr nerdctl minikube kind k3d k3s microk8s skaffold istioctl databricks snow"
    " snowsql twilio sendgrid mailgun postmark launchdarkly statsig opsgenie splunk ecs-cli eb copilot amplify "
    "cf ssh-add"
    " elasticdump meilisearch supervisorctl etcdctl zkCli.sh redis-cli influx clickhouse-client"
    " az-cli s5cmd bru bitwarden bw gam okta auth0 workers flagsmith logdna logtail pm2 litestream"
)
SPECIAL: dict[str, tuple[str, ...]] = {
    "terraform": (
        "destroy",
        "apply -destroy",
        "state rm",
        "workspace delete",
        "taint",
        "force-unlock",
        "apply -auto-approve",
        "apply --auto-approve",
    ),
    "pulumi": ("destroy", "stack rm", "state delete", "up --yes", "cancel"),
    "helm": ("uninstall", "delete", "rollback", "del", "un"),
    "aws": ("s3 rm", "s3 rb", "s3 mv --recursive", "s3 sync --delete", "lambda delete-function"),
    "restic": ("forget", "prune", "key remove", "key passwd", "unlock", "rewrite", "repair"),
    "borg": ("delete", "prune", "compact", "recreate", "break-lock"),
    "rclone": ("delete", "deletefile", "purge", "cleanup", "dedupe", "move", "moveto", "rmdir", "rmdirs", "sync"),
    "velero": ("delete", "uninstall", "backup delete", "schedule delete", "restore delete", "backup-location delete"),
    "mc": (
        "rm",
        "rb",
        "mirror --remove",
        "admin user remove",
        "admin policy unset",
        "admin policy remove",
        "admin bucket remote rm",
        "ilm rm",
        "replicate rm",
        "admin user disable",
        "admin service stop",
    ),
    "vault": (
        "delete",
        "kv delete",
        "kv destroy",
        "metadata delete",
        "secrets disable",
        "auth disable",
        "token revoke",
        "lease revoke",
        "policy delete",
        "operator seal",
        "audit disable",
        "secrets move",
        "operator rekey",
    ),
    "op": ("delete", "item delete", "vault delete", "user delete", "group delete", "user suspend", "document delete"),
    "gh": (
        "repo delete",
        "repo archive",
        "release delete",
        "secret delete",
        "secret remove",
        "variable delete",
        "run delete",
        "workflow disable",
        "gist delete",
        "ssh-key delete",
        "cache delete",
        "issue delete",
        "label delete",
        "repo deploy-key delete",
        "codespace delete",
        "release delete-asset",
        "variable remove",
        "workflow delete",
        "auth logout",
        "run cancel",
        "api DELETE",
    ),
    "glab": (
        "repo delete",
        "repo archive",
        "release delete",
        "variable delete",
        "variable remove",
        "project delete",
        "ci delete",
        "mr delete",
        "issue delete",
        "label delete",
        "api DELETE",
        "schedule delete",
    ),
    "kafka-topics": ("--delete",),
    "kafka-topics.sh": ("--delete",),
    "kafka-consumer-groups": ("--delete", "--reset-offsets", "--delete-offsets"),
    "kafka-consumer-groups.sh": ("--delete", "--reset-offsets", "--delete-offsets"),
    "kafka-acls": ("--remove",),
    "kafka-acls.sh": ("--remove",),
    "kafka-configs": ("--delete-config",),
    "kafka-configs.sh": ("--delete-config",),
    "kafka-delete-records": ("",),
    "kafka-delete-records.sh": ("",),
    "rabbitmqctl": (
        "delete_vhost",
        "delete_user",
        "delete_queue",
        "reset",
        "force_reset",
        "forget_cluster_node",
        "purge_queue",
        "stop",
        "stop_app",
        "clear_permissions",
        "clear_policy",
    ),
    "gitlab-runner": ("unregister", "uninstall", "stop"),
    "jenkins-cli": ("delete-", "safe-", "shutdown", "restart"),
    "gitlab-rake": ("gitlab:backup:restore", "gitlab:cleanup", "gitlab:db:drop"),
    "gitlab-ctl": ("stop", "cleanse", "uninstall"),
    "azcopy": ("remove", "rm", "sync --delete-destination"),
    "gsutil": ("rm", "rb", "rsync -d", "lifecycle set", "iam set", "retention clear"),
    "deck": ("gateway reset", "reset", "gateway sync", "sync", "gateway dump --all"),
    "wrangler": ("delete", "rollback", "kv:key delete", "kv:namespace delete", "kv:bulk delete"),
    "pd": ("delete",),
    "ldcli": ("delete", "archive"),
    "split": ("delete", "kill"),
    "unleash": ("delete", "archive"),
    "supervisorctl": ("stop", "shutdown", "remove"),
    "ssh-add": ("-d", "-D"),
    "etcdctl": ("del", "rm", "member remove", "defrag"),
    "nomad": ("stop", "purge", "destroy"),
    "consul": ("kv delete", "leave", "force-leave", "snapshot restore", "acl token delete"),
    "haproxy": ("-st", "-sf"),
    "nsupdate": ("",),
    "nginx": ("-s stop", "-s quit"),
    "traefik": (),
    "kubectl": (
        "delete",
        "drain",
        "cordon",
        "replace --force",
        "scale --replicas=0",
        "rollout undo",
        "taint",
        "delete-context",
        "apply --prune",
    ),
    "oc": ("delete", "drain", "cordon"),
    "redis-cli": (
        "FLUSHALL",
        "FLUSHDB",
        "flushall",
        "flushdb",
        "DEL",
        "SHUTDOWN",
        "shutdown",
        "CONFIG RESETSTAT",
        "DEBUG",
        "UNLINK",
    ),
    "promtool": ("tsdb delete",),
    "amtool": ("silence expire",),
    "grafana-cli": ("plugins uninstall", "plugins remove"),
    "ansible": ("state=absent", "-a rm", "-m shell", "-m command"),
    "ansible-playbook": ("state=absent",),
    "crontab": (),
    "newrelic": ("delete",),
    "pm2": ("delete", "kill"),
    "virsh": ("destroy", "undefine", "vol-delete"),
    "firebase": ("firestore:delete", "database:remove", "projects:delete", "hosting:disable", "functions:delete"),
    "supabase": ("db reset", "projects delete", "functions delete", "secrets unset", "branches delete"),
    "heroku": ("apps:destroy", "pg:reset", "addons:destroy", "destroy", "config:unset", "ps:stop"),
    "influx": ("delete", "bucket delete"),
    "systemd-nspawn": (),
    "vagrant": ("destroy",),
    "minikube": ("delete",),
    "nats": ("rm", "del", "delete", "purge"),
}
"""Where the general verbs are too many or too few: words that must all stand in the command."""
STILL_SAFE = _words(
    "--dry-run --dryrun --dry-run=client --dry-run=server --dry-run=true --what-if list get describe show ls "
    "help version"
    " --help search info status view plan lookup read"
)
"""A subcommand or option with which nothing is destroyed."""
KUBERNETES_SMALL = _words("pod pods po job jobs event events")
"""Objects that a controller makes again."""
