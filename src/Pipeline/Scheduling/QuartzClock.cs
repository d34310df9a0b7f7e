using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Pipeline.Scheduling;

/// <summary>
/// Quartz, with one job and one trigger: says when a run is due, one at a time, and keeps that in the database, so that times which passed while
/// the program was down are known when it is back.
/// </summary>
internal sealed class QuartzClock : IAsyncDisposable
{
    private static readonly JobKey _job = new("write-windows");
    private static readonly TriggerKey _trigger = new("schedule");
    private static readonly TimeSpan _misfireLook = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    private readonly StandaloneSchedulerFactory _factory;
    private readonly IScheduler _scheduler;
    private readonly DueJobs _due;
    private readonly TimeProvider _time;

    private QuartzClock(StandaloneSchedulerFactory factory, IScheduler scheduler, DueJobs due, TimeProvider time) =>
        (_factory, _scheduler, _due, _time) = (factory, scheduler, due, time);

    /// <summary>Starts Quartz.</summary>
    /// <param name="database">Where it keeps its tables; null to keep them in memory, when another program uses those of the database.</param>
    /// <param name="due">Called when a run is due, with the scheduled time and what <see cref="TriggerAsync"/> was given.</param>
    public static async Task<QuartzClock> StartAsync(
        ScheduleDatabase? database,
        Schedule schedule,
        bool paused,
        Func<DateTimeOffset?, string?, CancellationToken, Task> due,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        var late = Late(schedule.Interval(time.GetUtcNow()));
        var jobs = new DueJobs(due);
        var factory = QuartzSchedulerBuilder.Create(quartz =>
        {
            quartz.ConfigureScheduler(o => (o.InstanceName, o.InstanceId) = ("pipeline", "writer"));
            quartz.UseDefaultThreadPool(1);
            quartz.UseTimeProvider(time);
            quartz.UseJobFactory(jobs);
            quartz.AddSchedulerListener(new QuartzErrors(logger));
            if (database is null)
            {
                quartz.UseInMemoryStore(o => o.MisfireThreshold = late);
                return;
            }

            quartz.UsePersistentStore(store =>
            {
                store.UseSqlite(SqliteFactory.Instance, database.ConnectionString);
                store.ProvisionSchema();
                store.ConfigureStore(o =>
                {
                    o.StoreJobDataAsStrings = true;
                    o.UseBackgroundThreads = true;
                    o.MisfireThreshold = late;
                    o.MisfireHandlerFrequency = late < _misfireLook ? late : _misfireLook;
                    o.DbRetryInterval = _misfireLook;
                });
            });
        }).Build();
        try
        {
            var clock = new QuartzClock(factory, await factory.GetScheduler(cancellationToken), jobs, time);
            await clock.PrepareAsync(schedule, paused, cancellationToken);
            await clock._scheduler.Start(cancellationToken);
            return clock;
        }
        catch
        {
            await factory.DisposeAsync();
            throw;
        }
    }

    /// <summary>Fires at other times from now on.</summary>
    public async Task ChangeAsync(Schedule schedule, CancellationToken cancellationToken) =>
        await _scheduler.ScheduleTrigger(Trigger(schedule), TriggerConflict.Replace, cancellationToken);

    public async Task PauseAsync(CancellationToken cancellationToken) => await _scheduler.PauseTrigger(_trigger, cancellationToken);

    /// <summary>Goes on; what was due meanwhile is one run, at once.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken) => await _scheduler.ResumeTrigger(_trigger, cancellationToken);

    /// <summary>Has a run become due now, or as soon as the one that is at it has ended.</summary>
    public async Task TriggerAsync(string reason, CancellationToken cancellationToken) =>
        await _scheduler.TriggerJob(_job, new JobDataMap { { WriteWindows.Reason, reason } }, cancellationToken);

    /// <summary>Stops it. A run that is at it is waited for, for a while; Quartz itself waits for ever for a database that fails.</summary>
    public async ValueTask DisposeAsync()
    {
        _due.Stop();
        var stopping = StopAsync();
        await Task.WhenAny(stopping, Task.Delay(_patience, _time));
        if (stopping.IsCompleted) await stopping;
        else _ = stopping.ContinueWith(t => t.Exception, TaskScheduler.Default);
    }

    private async Task StopAsync()
    {
        await Task.Yield();
        try
        {
            await _scheduler.Shutdown(true, CancellationToken.None);
        }
        finally
        {
            await _factory.DisposeAsync();
        }
    }

    /// <summary>From when on a time counts as missed, and is not just late.</summary>
    private static TimeSpan Late(TimeSpan interval) => interval / 2 > TimeSpan.FromMinutes(1) ? TimeSpan.FromMinutes(1) : interval / 2;

    private async Task PrepareAsync(Schedule schedule, bool paused, CancellationToken cancellationToken)
    {
        var job = JobBuilder.Create<WriteWindows>().WithIdentity(_job).StoreDurably().Build();
        await _scheduler.AddJob(job, new AddJobOptions { Replace = true }, cancellationToken);
        // The trigger of the program's life before knows what was missed.
        var (kept, wanted) = (await _scheduler.GetTrigger(_trigger, cancellationToken), Trigger(schedule));
        if (kept?.Description != wanted.Description || kept?.GetType() != wanted.GetType() || await _scheduler.GetTriggerState(_trigger, cancellationToken) == TriggerState.Error
            || IsTooLate(kept, schedule))
        {
            await ChangeAsync(schedule, cancellationToken);
        }

        if (paused) await PauseAsync(cancellationToken);
        else await ResumeAsync(cancellationToken);
    }

    /// <summary>True for a trigger from before the clock was set back.</summary>
    private bool IsTooLate(ITrigger kept, Schedule schedule) => kept.NextFireTimeUtc > schedule.Next(_time.GetUtcNow());

    private ITrigger Trigger(Schedule schedule) => schedule
        .Apply(TriggerBuilder.Create(_time).WithIdentity(_trigger).ForJob(_job).WithDescription(schedule.ToString()), _time.GetUtcNow())
        .Build();
}
