//! What gossip thinks of its peers, set for a quiet network.
//!
//! The defaults protect nobody here: with under one message a second, counting deliveries (P3)
//! punishes silence that is honest, and time in the mesh (P1, capped at 3,600 by default) gives a
//! peer that never forwards anything +1,600 within seconds. So deliveries do not count, time counts
//! 5 points at the most, and what counts is sending what is refused.

use std::time::Duration;

use libp2p::gossipsub::{IdentTopic, PeerScoreParams, PeerScoreThresholds, TopicScoreParams};

/// Addresses shared by more peers than this cost points. Provincial networks put whole districts
/// behind one address, hence the height.
const PEERS_PER_ADDRESS: f64 = 20.0;

pub(super) fn params(topic: &IdentTopic) -> PeerScoreParams {
    let topic_params = TopicScoreParams {
        topic_weight: 1.0,
        time_in_mesh_weight: 0.01,
        time_in_mesh_quantum: Duration::from_secs(10),
        time_in_mesh_cap: 500.0,
        first_message_deliveries_weight: 1.0,
        first_message_deliveries_decay: 0.99,
        first_message_deliveries_cap: 20.0,
        mesh_message_deliveries_weight: 0.0,
        mesh_failure_penalty_weight: 0.0,
        // One refused record costs 100, ten cost 10,000: the weight is for the square.
        invalid_message_deliveries_weight: -100.0,
        invalid_message_deliveries_decay: 0.99,
        ..TopicScoreParams::default()
    };
    PeerScoreParams {
        topics: [(topic.hash(), topic_params)].into(),
        ip_colocation_factor_weight: -5.0,
        ip_colocation_factor_threshold: PEERS_PER_ADDRESS,
        // Several nodes on one machine are a school or a test, not an attack from afar.
        ip_colocation_factor_whitelist: ["127.0.0.1", "::1"].iter().filter_map(|ip| ip.parse().ok()).collect(),
        behaviour_penalty_weight: -10.0,
        behaviour_penalty_threshold: 6.0,
        behaviour_penalty_decay: 0.99,
        retain_score: Duration::from_secs(24 * 3600),
        ..PeerScoreParams::default()
    }
}

pub(super) fn thresholds() -> PeerScoreThresholds {
    PeerScoreThresholds {
        gossip_threshold: -50.0,
        publish_threshold: -100.0,
        graylist_threshold: -200.0,
        ..PeerScoreThresholds::default()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_scores_are_what_gossip_accepts() {
        super::params(&super::IdentTopic::new("t")).validate().expect("consistent");
        super::thresholds().validate().expect("consistent");
    }
}
