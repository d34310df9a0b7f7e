using FluentAssertions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Scheduling;
using Xunit;

namespace Pipeline.Tests.Unit.Scheduling;

public sealed class ScheduleControlTests : IDisposable
{
    private static readonly DateTimeOffset _noon = new(2026, 7, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _window = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("control-");
    private readonly FakeTimeProvider _time = new(_noon);
    private readonly ScheduleControl _control;

    public ScheduleControlTests() =>
        _control = new ScheduleControl(ScheduleDatabase.Open(Path.Combine(_folder.FullName, "schedule.db"), _time, NullLogger.Instance), _time);

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_pause_lasts_until_it_is_ended_and_what_was_due_meanwhile_is_not_missed()
    {
        _control.Pause("disk exchange");
        _time.Advance(TimeSpan.FromHours(1));
        _control.Pause("still at it");
        var paused = _control.Read();
        _control.Resume();

        (paused.Paused, paused.PauseReason).Should().Be((_noon, "still at it"));
        var resumed = _control.Read();
        (resumed.Paused, resumed.PauseReason, resumed.CountedFrom).Should().Be((null, null, _noon.AddHours(1)));
    }

    [Fact]
    public void To_resume_what_is_not_paused_changes_nothing()
    {
        _control.Resume();

        _control.Read().CountedFrom.Should().BeNull();
    }

    [Fact]
    public void A_change_takes_the_settings_place_until_it_is_taken_back()
    {
        _control.Begin(Schedule.Every(_window), _window, "p");
        _control.Change(Schedule.TryParse("30s", _window, out _));
        _control.Begin(Schedule.Every(_window), _window, "p");
        _control.Read().Should().BeEquivalentTo(new { Text = "30s", Setting = "every window", Changed = _noon, CountedFrom = _noon, Window = _window });

        _control.Change(null);

        _control.Read().Should().BeEquivalentTo(new { Text = "every window", Changed = (DateTimeOffset?)null });
    }

    [Fact]
    public void The_same_setting_goes_on_counting_and_another_one_begins_anew()
    {
        _control.Begin(Schedule.Every(_window), _window, "p");
        _time.Advance(TimeSpan.FromHours(1));
        _control.Begin(Schedule.Every(_window), _window, "q");
        _control.Read().CountedFrom.Should().BeNull();

        _control.Begin(Schedule.Every(_window / 5), _window / 5, "q");

        _control.Read().CountedFrom.Should().Be(_noon.AddHours(1));
    }

    [Fact]
    public async Task A_request_is_taken_by_one_program_only()
    {
        var numbers = Enumerable.Range(0, 20).Select(_ => _control.Ask(null)).ToList();

        var taken = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(_control.Take)));

        taken.OfType<RunAsked>().Select(r => r.Number).Should().BeEquivalentTo(numbers);
    }

    [Fact]
    public void A_request_says_what_became_of_it()
    {
        var number = _control.Ask("abcd1234");
        _control.Find(number).Should().Be(new RunAsked(number, "abcd1234", null, null));
        _control.Take();
        _control.Answer(number, "efgh5678");

        _control.Find(number).Should().Be(new RunAsked(number, "abcd1234", _noon, "efgh5678"));
        _control.Withdraw(number).Should().BeFalse();
        _control.Withdraw(_control.Ask(null)).Should().BeTrue();
    }
}
