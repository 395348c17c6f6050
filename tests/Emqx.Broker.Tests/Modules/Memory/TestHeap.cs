using Emqx.Broker.Modules.Memory;

namespace Emqx.Broker.Tests.Modules.Memory;

/// <summary>A heap that is as full as a test says.</summary>
internal sealed class TestHeap : IHeap
{
    public long Allocated { get; set; }
    public long Live { get; set; }
    public long Available { get; set; } = 1 << 30;
    public long Resident { get; set; }

    /// <summary>What was asked for: at once, or beside the work.</summary>
    public List<bool> Collections { get; } = [];

    public void Collect(bool atOnce) => Collections.Add(atOnce);
}
