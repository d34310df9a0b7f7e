using System.Collections.Concurrent;
using Microsoft.Playwright;
using Pipeline.Tests.Harness;

namespace Pipeline.Tests.Integration.Monitoring.StatusPage;

/// <summary>An open page, and what its console said.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();

    public BrowserPage(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) => Note(message.Type is "error" or "warning", $"{message.Type}: {message.Text}");
        page.PageError += (_, error) => Note(true, $"thrown: {error}");
        page.Response += (_, response) => Note(response.Status >= 400, $"{response.Status}: {response.Url}");
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console, exceptions, and answers that were none.</summary>
    public IReadOnlyList<string> Complaints => [.. _complaints];

    /// <summary>What an element says.</summary>
    public Task<string> TextAsync(string selector) => Page.Locator(selector).InnerTextAsync();

    /// <summary>Waits until an element says what is wanted.</summary>
    public Task<string> UntilTextAsync(string selector, Func<string, bool> until) =>
        Eventually.GetAsync($"{selector} of the page", () => TextAsync(selector), until, Deadlines.Recovery);

    /// <summary>Waits until the page is at this state: well, trouble or lost.</summary>
    public Task UntilStateAsync(string state) =>
        Eventually.GetAsync("the page's state", () => Page.Locator("body").GetAttributeAsync("data-state"), s => s == state, Deadlines.Recovery);

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Note(bool complaint, string text)
    {
        if (complaint) _complaints.Enqueue(text);
    }
}
