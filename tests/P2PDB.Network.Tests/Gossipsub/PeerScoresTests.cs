using P2PDB.Network.Peers;
using P2PDB.Network.Protocols.Gossipsub;
using P2PDB.Network.Tests.Swarm;
using P2PDB.Primitives.Keys;

namespace P2PDB.Network.Tests.Gossipsub;

/// <summary>The parts of the score, each with a weight that makes it the whole of it.</summary>
public class PeerScoresTests
{
    private const string Topic = "news";

    [Fact]
    public void Time_in_the_mesh_counts_up_to_its_cap()
    {
        PeerScores scores = Scores(new TopicScoreOptions { TimeInMeshWeight = 2, TimeInMeshCap = 10 });
        PeerScore peer = scores.Connect(Id(1), null);
        scores.Graft(peer, Topic, TimeSpan.Zero);

        scores.Decay(TimeSpan.FromSeconds(4));
        Assert.Equal(8, scores.ValueOf(peer));
        scores.Decay(TimeSpan.FromSeconds(100));
        Assert.Equal(20, scores.ValueOf(peer));
        PeerScores.Prune(peer, Topic);
        Assert.Equal(0, scores.ValueOf(peer));
    }

    [Fact]
    public void First_deliveries_count_and_decay()
    {
        PeerScores scores = Scores(new TopicScoreOptions { FirstMessageDeliveriesWeight = 1, FirstMessageDeliveriesCap = 3, FirstMessageDeliveriesDecay = 0.5 });
        PeerScore peer = scores.Connect(Id(1), null);

        for (int i = 0; i < 5; i++)
            scores.CountFirst(peer, Topic);
        Assert.Equal(3, scores.ValueOf(peer));
        scores.Decay(TimeSpan.FromSeconds(1));
        Assert.Equal(1.5, scores.ValueOf(peer));
        scores.Decay(TimeSpan.FromSeconds(100));
        Assert.Equal(0, scores.ValueOf(peer));
        Assert.Empty(peer.Topics);
    }

    [Fact]
    public void Deficit_in_the_mesh_counts_after_its_time_and_sticks()
    {
        PeerScores scores = Scores(new TopicScoreOptions
        {
            MeshMessageDeliveriesWeight = -1,
            MeshMessageDeliveriesThreshold = 4,
            MeshMessageDeliveriesDecay = 0.999,
            MeshFailurePenaltyWeight = -1,
            MeshFailurePenaltyDecay = 0.999,
        });
        PeerScore peer = scores.Connect(Id(1), null);
        scores.Graft(peer, Topic, TimeSpan.Zero);

        scores.Decay(TimeSpan.FromSeconds(5));
        Assert.Equal(0, scores.ValueOf(peer));
        scores.Decay(TimeSpan.FromSeconds(6));
        Assert.Equal(-16, scores.ValueOf(peer));
        scores.CountFirst(peer, Topic);
        scores.CountCopy(peer, Topic, TimeSpan.FromMilliseconds(10));
        scores.CountCopy(peer, Topic, TimeSpan.FromMilliseconds(11));   // too late to count
        Assert.Equal(-4, scores.ValueOf(peer));
        PeerScores.Prune(peer, Topic);
        Assert.Equal(-4, scores.ValueOf(peer));
    }

    [Fact]
    public void Application_and_neighbours_of_an_address_count()
    {
        var options = new ScoreOptions
        {
            ApplicationScore = peer => peer == Id(1) ? 7 : 0,
            ApplicationWeight = 2,
            ColocationWeight = -1,
            ColocationThreshold = 2,
        };
        var scores = new PeerScores(options, _ => true);
        PeerScore first = scores.Connect(Id(1), "10.0.0.1");
        scores.Connect(Id(2), "10.0.0.1");
        Assert.Equal(14, scores.ValueOf(first));

        scores.Connect(Id(3), "10.0.0.1");
        PeerScore fourth = scores.Connect(Id(4), "10.0.0.1");
        Assert.Equal(10, scores.ValueOf(first));
        Assert.Equal(-4, scores.ValueOf(fourth));

        scores.Disconnect(Id(2), TimeSpan.Zero);
        scores.Disconnect(Id(3), TimeSpan.Zero);
        Assert.Equal(14, scores.ValueOf(first));
    }

    [Fact]
    public void Bad_score_outlives_the_connection_and_good_one_does_not()
    {
        PeerScores scores = Scores(new TopicScoreOptions { FirstMessageDeliveriesWeight = 1 });
        PeerScore good = scores.Connect(Id(1), null);
        PeerScore bad = scores.Connect(Id(2), null);
        scores.CountFirst(good, Topic);
        for (int i = 0; i < 4; i++)
            scores.CountInvalid(bad, Topic);

        scores.Disconnect(Id(1), TimeSpan.Zero);
        scores.Disconnect(Id(2), TimeSpan.Zero);
        scores.Decay(TimeSpan.FromMinutes(9));

        Assert.Equal(0, scores.ValueOf(scores.Connect(Id(1), null)));
        Assert.Equal(-16, scores.ValueOf(Id(2)));   // it does not decay while the peer is away
        scores.Decay(TimeSpan.FromMinutes(10));
        Assert.Equal(0, scores.ValueOf(Id(2)));
    }

    [Fact]
    public void Options_that_reward_misbehaviour_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new ScoreOptions { BehaviourWeight = 1 }.Validate());
        Assert.Throws<ArgumentException>(() => new ScoreOptions { PublishThreshold = -5 }.Validate());
        Assert.Throws<ArgumentException>(() => new MeshOptions { DegreeOutbound = 4 }.Validate());
        new ScoreOptions().Validate();
        new MeshOptions().Validate();
    }

    private static PeerScores Scores(TopicScoreOptions topic) => new(new ScoreOptions { DefaultTopic = topic }, name => name == Topic);

    private static PeerId Id(byte seed)
    {
        using SigningKey key = TestSwarm.Key(seed);
        return PeerId.FromPublicKey(key.PublicKey);
    }
}
