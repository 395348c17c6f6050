using Emqx.Broker.Node;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Settings.Roots;
using Emqx.Broker.Storage.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Emqx.Broker.Tests.Settings;

/// <summary>Every setting of every root: changed, read back, and still there after a start.</summary>
public sealed class EverySettingTests
{
    private static readonly ConfigurationSources s_sources = ConfigurationSources.FromText(NodeRoots.Catalogue, "", "test@127.0.0.1");

    /// <summary>Values of all sorts; a field takes the first that it can have and has not.</summary>
    private static readonly ConfigValue[] s_any =
        ["7s", "8s", "3MB", "4MB", "55%", "81%", "3/s", "x", "y", "/x", "127.0.0.1:1884", "http://127.0.0.1:9", 7L, 8L, new ConfigNumber("0.5"), "+02:00", new ConfigObject(new() { ["a"] = 7L })];

    /// <summary>Fields that can have one value only.</summary>
    private static readonly string[] s_fixed = ["retainer.backend.type", "retainer.backend.enable"];

    public static TheoryData<string> Roots => [.. NodeRoots.Catalogue.Roots.Where(static root => root is { IsReadOnly: false, Kind: StructKind }).Select(static root => root.Name)];

    [Theory]
    [MemberData(nameof(Roots))]
    public async Task Each_field_of_a_root_is_changed_read_back_and_kept(string name)
    {
        var root = NodeRoots.Catalogue.Find(name)!;
        List<string> stayed = [];
        var present = Load(new Dictionary<string, string>())[name];
        foreach (var path in Paths((StructKind)root.Kind, []))
        {
            if (!s_fixed.Contains($"{name}.{string.Join('.', path)}") && present.Find(path) is not (ConfigObject or ConfigArray) && !await ChangesAsync(root, path))
                stayed.Add(string.Join('.', path));
        }

        Assert.True(stayed.Count == 0, $"never changed: {string.Join(", ", stayed)}");
    }

    private static async Task<bool> ChangesAsync(Root root, string[] path)
    {
        var store = new InMemorySettingsStore();
        var running = Load(await store.LoadAsync(default));
        using var settings = new StoredSettings(running, store, NullLogger<StoredSettings>.Instance);
        var kind = NodeRoots.Catalogue.KindAt([root.Name, .. path])!;
        foreach (var candidate in CandidatesOf(kind))
        {
            if (await settings.ChangeAsync<ConfigValue?>(present => new(Propose(root, path, candidate, present)), default) is not { } changed)
                continue;
            Assert.Equal(changed, running[root.Name].Find(path));
            Assert.Equal(changed, Load(await store.LoadAsync(default))[root.Name].Find(path));
            return true;
        }

        return false;
    }

    private static SettingsProposal<ConfigValue?> Propose(Root root, string[] path, ConfigValue value, PresentSettings present)
    {
        var given = value;
        for (var i = path.Length - 1; i >= 0; i--)
            given = new ConfigObject(new() { [path[i]] = given });
        return present.Change(root, root.Name, given, Completion.Present, []) is { Checked: ConfigObject fields } change
            && fields.Find(path) is { } made && !made.Equals(present[root.Name].Find(path))
                ? new([change], made)
                : new(null);
    }

    private static RunningConfiguration Load(IReadOnlyDictionary<string, string> stored)
    {
        var configuration = NodeConfiguration.Load(s_sources, stored, out var failures);
        Assert.Empty(failures);
        return configuration!.Running;
    }

    private static IEnumerable<string[]> Paths(StructKind kind, string[] above)
    {
        foreach (var field in kind.Fields.Where(static field => !field.Hidden))
        {
            string[] path = [.. above, field.Name];
            if (field.Kind is StructKind inner)
            {
                foreach (var below in Paths(inner, path))
                    yield return below;
            }
            else if (field.Kind is not (ArrayKind or MapKind or OpenKind or UnionKind or CiphersKind or EnumKind { Symbols.Count: 1 }))
            {
                yield return path;
            }
        }
    }

    private static IEnumerable<ConfigValue> CandidatesOf(ValueKind kind) => kind switch
    {
        BooleanKind => [true, false],
        EnumKind words => words.Symbols.Select(static word => (ConfigValue)word),
        IntegerKind numbers => [Math.Clamp(7, numbers.Minimum, numbers.Maximum), Math.Clamp(8, numbers.Minimum, numbers.Maximum), numbers.Minimum, numbers.Maximum],
        ChoiceKind choice => [.. choice.Members.SelectMany(CandidatesOf)],
        _ => s_any,
    };
}
