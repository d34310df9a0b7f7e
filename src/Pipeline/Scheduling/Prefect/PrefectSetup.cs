using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pipeline.Scheduling.Prefect.Wire;

namespace Pipeline.Scheduling.Prefect;

/// <summary>
/// Sees to it that flow, work pool and deployment are on the server. A deployment that is there is left as people have changed it, as long as our
/// own definition is the one that it was made from: to post it anew would throw away the runs that are scheduled.
/// </summary>
internal sealed class PrefectSetup(PrefectApi api, PrefectOptions options, ILogger<PrefectSetup> logger)
{
    private const string PoolType = "process";
    private static readonly string[] _tags = ["pipeline", "parquet"];

    // Windows are aligned to the epoch, so any aligned moment will do.
    private static readonly DateTimeOffset _epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Creates what is not there.</summary>
    /// <returns>The deployment.</returns>
    public async Task<Deployment> EnsureAsync(CancellationToken cancellationToken)
    {
        var flow = await api.CreateFlowAsync(new FlowCreate(options.FlowName, _tags), cancellationToken);
        await EnsureWorkPoolAsync(cancellationToken);
        var wanted = Definition(flow.Id);
        var found = await ReadDeploymentAsync(cancellationToken);
        if (found is not null && found.Version == wanted.Version && found.WorkPoolName == options.WorkPool && found.FlowId == flow.Id) return found;

        var deployment = await api.CreateDeploymentAsync(wanted with { Paused = found?.Paused ?? false }, cancellationToken);
        logger.LogInformation(
            "Deployment {Flow}/{Deployment} {Done} in work pool {Pool}.", options.FlowName, options.DeploymentName, found is null ? "created" : "updated", options.WorkPool);
        return deployment;
    }

    /// <summary>Whether the deployment still is on the server.</summary>
    public async Task<bool?> IsThereAsync(CancellationToken cancellationToken) => await ReadDeploymentAsync(cancellationToken) is not null;

    private DeploymentCreate Definition(Guid flow)
    {
        var parameters = RunParameters.Default(options.Every);
        var definition = new DeploymentCreate(
            options.DeploymentName,
            flow,
            options.WorkPool,
            "Writes every closed window of the log to the lake, once. Run by `pipeline worker`.",
            _tags,
            [new DeploymentScheduleCreate(true, new IntervalSchedule(options.Every.TotalSeconds, _epoch + options.Offset, "UTC"))],
            ConcurrencyLimit: 1,
            // A run that finds the slot taken waits for it: cancelled, it would be missed.
            new ConcurrencyOptions("ENQUEUE"),
            parameters.ToJson(),
            parameters.Schema(),
            Version: "");
        var bytes = JsonSerializer.SerializeToUtf8Bytes(definition with { FlowId = Guid.Empty }, PrefectJson.Default.DeploymentCreate);
        return definition with { Version = $"pipeline-{Convert.ToHexStringLower(SHA256.HashData(bytes))[..12]}" };
    }

    private async Task EnsureWorkPoolAsync(CancellationToken cancellationToken)
    {
        try
        {
            var pool = await api.ReadWorkPoolAsync(options.WorkPool, cancellationToken);
            if (pool.IsPaused) logger.LogWarning("Work pool {Pool} is paused: no run begins before it is resumed.", pool.Name);
            return;
        }
        catch (PrefectException e) when (e.IsNotFound)
        {
            // To be created.
        }

        try
        {
            await api.CreateWorkPoolAsync(new WorkPoolCreate(options.WorkPool, PoolType, "Served by `pipeline worker`.", new JsonObject()), cancellationToken);
            logger.LogInformation("Work pool {Pool} created.", options.WorkPool);
        }
        catch (PrefectException e) when (e.Status == HttpStatusCode.Conflict)
        {
            // Another worker was quicker.
        }
    }

    private async Task<Deployment?> ReadDeploymentAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await api.ReadDeploymentAsync(options.FlowName, options.DeploymentName, cancellationToken);
        }
        catch (PrefectException e) when (e.IsNotFound)
        {
            return null;
        }
    }
}
