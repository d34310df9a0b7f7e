using System.Text.RegularExpressions;
using Pipeline.Tests.Harness;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>The metrics that somebody serves. The live tests (QueryTests) see whether they are there.</summary>
internal static partial class KnownMetrics
{
    // Of redis_exporter 1.69, Prometheus 2.53 and Alertmanager 0.28.
    private static readonly HashSet<string> _ofOthers =
    [
        "up", "ALERTS", "ALERTS_FOR_STATE",
        "redis_up", "redis_uptime_in_seconds", "redis_instance_info", "redis_db_keys", "redis_errors_total", "redis_evicted_keys_total", "redis_expired_keys_total",
        "redis_memory_used_bytes", "redis_memory_max_bytes", "redis_memory_used_dataset_bytes", "redis_memory_used_rss_bytes",
        "redis_aof_enabled", "redis_aof_last_write_status", "redis_aof_last_bgrewrite_status", "redis_aof_delayed_fsync", "redis_aof_current_size_bytes", "redis_aof_base_size_bytes",
        "redis_aof_last_cow_size_bytes", "redis_aof_rewrite_in_progress", "redis_latest_fork_seconds",
        "redis_commands_latencies_usec", "redis_commands_processed_total", "redis_commands_total", "redis_commands_duration_seconds_total",
        "redis_cpu_user_seconds_total", "redis_cpu_sys_seconds_total", "redis_cpu_user_children_seconds_total", "redis_cpu_sys_children_seconds_total",
        "redis_connected_clients", "redis_blocked_clients", "redis_max_clients", "redis_rejected_connections_total", "redis_acl_access_denied_auth_total", "redis_acl_access_denied_cmd_total",
        "redis_net_input_bytes_total", "redis_net_output_bytes_total", "redis_exporter_last_scrape_error", "redis_exporter_last_scrape_duration_seconds",
        "prometheus_notifications_alertmanagers_discovered", "prometheus_notifications_errors_total", "prometheus_rule_evaluation_failures_total", "prometheus_config_last_reload_successful",
        "alertmanager_config_last_reload_successful", "alertmanager_notifications_failed_total",
    ];

    /// <summary>Those of docs/metrics.md, which a test compares with what the program serves.</summary>
    private static readonly HashSet<string> _documented = [.. Row().Matches(File.ReadAllText(Repository.File("docs", "metrics.md"))).Select(m => m.Groups["name"].Value)];

    /// <param name="name">As a query names it: Prometheus puts something behind a histogram's name.</param>
    public static bool Has(string name) => IsKnown(name) || IsKnown(Suffix().Replace(name, ""));

    private static bool IsKnown(string name) => _ofOthers.Contains(name) || _documented.Contains(name);

    [GeneratedRegex(@"^\| `(?<name>[a-z0-9_]+)[`{]", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("_(?:bucket|sum|count)$")]
    private static partial Regex Suffix();
}
